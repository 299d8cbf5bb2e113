/** `WS /video-calls/ws`: verifies who connects, and ties the socket to a session. */
import { Elysia } from 'elysia';
import { acceptedSubprotocol, type Tokens, upgradeToken } from '../auth/index.ts';
import { type OriginCheck, takeRawFrames } from '../http/index.ts';
import { AppError } from '../lib/index.ts';
import type { SignalingHub } from './hub.ts';
import type { Link } from './link.ts';
import type { Session } from './session.ts';

export interface SignalingSocketDeps {
  readonly hub: SignalingHub;
  readonly tokens: Tokens;
  readonly isAllowedOrigin: OriginCheck;
}

/** The socket ended without a word (RFC 6455, section 7.1.5): a network that changed, a page that crashed. */
const ABNORMAL_CLOSURE = 1006;

/** The part of Bun's socket that a link is made of. */
interface BunSocket {
  send(text: string): number;
  getBufferedAmount(): number;
  ping(): number;
  close(code: number, reason: string): void;
}

export function signalingSocket({ hub, tokens, isAllowedOrigin }: SignalingSocketDeps) {
  /** By the id that Elysia gives a socket: every callback gets a new wrapper of it. */
  const sessions = new Map<string, Session>();
  return new Elysia({ name: 'signaling-socket' })
    .resolve(async ({ request }) => {
      if (!isAllowedOrigin(request)) throw new AppError('forbidden', 'This page may not open a socket here.');
      return { identity: await tokens.verify(upgradeToken(request)) };
    })
    .ws('/video-calls/ws', {
      upgrade({ request, set }) {
        const subprotocol = acceptedSubprotocol(request);
        if (subprotocol !== undefined) set.headers['sec-websocket-protocol'] = subprotocol;
      },
      open(ws) {
        // Elysia's type of Bun's socket lags behind: `getBufferedAmount` is missing in it.
        const session = hub.open(ws.data.identity, toLink(ws.raw as unknown as BunSocket));
        sessions.set(ws.id, session);
        takeRawFrames(ws, { frame: (content) => session.receive(content), pong: () => session.heard() });
      },
      close(ws, code) {
        const session = sessions.get(ws.id);
        sessions.delete(ws.id);
        if (session) hub.disconnected(session, code !== ABNORMAL_CLOSURE);
      },
      detail: {
        summary: 'The signalling socket',
        description: 'Messages and events are described in docs/signaling.md.',
        tags: ['Video calls'],
      },
    });
}

function toLink(socket: BunSocket): Link {
  return {
    send: (text) => {
      socket.send(text);
    },
    get unsentBytes() {
      return socket.getBufferedAmount();
    },
    ping: () => {
      socket.ping();
    },
    close: (code, reason) => socket.close(code, reason),
  };
}
