/** `WS /ws/stream/:session_id/:user_id`: the source of a session, and its operators. */
import { Elysia } from 'elysia';
import { acceptedSubprotocol } from '../auth/index.ts';
import { type OpenSocket, takeRawFrames } from '../http/index.ts';
import type { Doorkeeper } from './doorkeeper.ts';
import type { StreamSocket } from './live/connection.ts';
import type { LiveSessions } from './live/live-sessions.ts';
import type { Frame } from './relay/relay.ts';

export interface StreamRoutesDeps {
  readonly doorkeeper: Doorkeeper;
  readonly live: LiveSessions;
}

export function streamRoutes({ doorkeeper, live }: StreamRoutesDeps) {
  return new Elysia({ name: 'stream-socket' })
    .resolve(async ({ request, params }) => ({ admission: await doorkeeper.admit(request, params) }))
    .ws('/ws/stream/:session_id/:user_id', {
      upgrade({ request, set }) {
        const subprotocol = acceptedSubprotocol(request);
        if (subprotocol !== undefined) set.headers['sec-websocket-protocol'] = subprotocol;
      },
      open(ws) {
        const connection = live.enter(ws.data.admission, streamSocket(ws));
        takeRawFrames(ws, {
          frame: (frame) => connection.receive(frame),
          pong: () => connection.heard(),
          closed: () => live.left(connection),
          drained: () => connection.drained(),
        });
      },
      detail: {
        summary: 'The socket of a session, for its source and for its operators',
        description:
          'Who is named as the `client_id` of the session is its source, and shows the stream key (`?key=` or `X-Stream-Key`; `?header=1` keeps the first message for operators that come later). Anybody else is an operator, and shows a token of that user or of a service. Every message of the source goes to every operator as it is; messages of operators go to the source.',
        tags: ['Streaming sessions'],
      },
    });
}

/** The part of Bun's socket that a connection is made of. */
interface BunSocket {
  send(frame: Frame): number;
  getBufferedAmount(): number;
  ping(): number;
  close(code: number, reason: string): void;
}

function streamSocket({ raw }: OpenSocket): StreamSocket {
  // Elysia's type of Bun's socket lags behind: `getBufferedAmount` is missing in it.
  const socket = raw as unknown as BunSocket;
  return {
    send: (frame) => socket.send(frame),
    get unsentBytes() {
      return socket.getBufferedAmount();
    },
    ping: () => {
      socket.ping();
    },
    close: (code, reason) => socket.close(code, reason),
  };
}
