/** `WS /video-calls/ws`: verifies who connects, and ties the socket to a session. */
import { Elysia } from 'elysia';
import { acceptedSubprotocol, type Tokens, upgradeToken } from '../auth/index.ts';
import { type OriginCheck, takeRawFrames } from '../http/index.ts';
import { AppError } from '../lib/index.ts';
import type { SignalingHub } from './hub.ts';
import type { Sockets } from './sockets.ts';

export interface SignalingSocketDeps {
  readonly hub: SignalingHub;
  readonly sockets: Sockets;
  readonly tokens: Tokens;
  readonly isAllowedOrigin: OriginCheck;
}

export function signalingSocket({ hub, sockets, tokens, isAllowedOrigin }: SignalingSocketDeps) {
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
        const session = sockets.open(ws, { hub, identity: ws.data.identity });
        takeRawFrames(ws, { frame: (content) => session.receive(content), pong: () => session.heard() });
      },
      close(ws, code) {
        sockets.closed(ws, code);
      },
      detail: {
        summary: 'The signalling socket',
        description: 'Messages and events are described in docs/signaling.md.',
        tags: ['Video calls'],
      },
    });
}
