/**
 * The least that a server with a socket does for a join: reads a message, asks mediasoup, writes the answer. It speaks as much of
 * Kaa's protocol as the visitors of the benchmark do, and has no rights, no checks, no events, nobody to tell and nothing to keep.
 */
import type { Server } from 'bun';
import type { MediaKind, RtpParameters } from '../../src/protocol/index.ts';
import { BareParticipant } from './participant.ts';
import type { BareRooms } from './rooms.ts';

interface Connection {
  readonly participant: BareParticipant;
}

type Message = { readonly id: string; readonly roomId: string } & (
  | { readonly type: 'join' }
  | {
      readonly type: 'produce';
      readonly data: {
        readonly transportId: string;
        readonly kind: MediaKind;
        readonly rtpParameters: RtpParameters;
      };
    }
  | { readonly type: 'leave' }
);

/** Listens on a free port of this machine. */
export function serveSignaling(rooms: BareRooms): Server<Connection> {
  return Bun.serve({
    hostname: '127.0.0.1',
    port: 0,
    fetch: (request, self) =>
      self.upgrade(request, {
        data: { participant: new BareParticipant(rooms) },
        headers: { 'sec-websocket-protocol': 'bearer' },
      })
        ? undefined
        : new Response('a WebSocket is expected', { status: 400 }),
    websocket: {
      data: {} as Connection,
      async message(socket, text) {
        const message: Message = JSON.parse(String(text));
        const { id } = message;
        try {
          const data = await handle(socket.data.participant, message);
          socket.send(JSON.stringify({ type: 'response', id, ok: true, data }));
        } catch (error) {
          const failure = { code: 'internal', message: String(error) };
          socket.send(JSON.stringify({ type: 'response', id, ok: false, error: failure }));
        }
      },
      close: ({ data }) => data.participant.close(),
    },
  });
}

async function handle(participant: BareParticipant, message: Message): Promise<object> {
  switch (message.type) {
    case 'join': {
      const rtpCapabilities = await participant.enter(message);
      const [send, recv] = await Promise.all([
        participant.createTransport({ direction: 'send', rtpCapabilities }),
        participant.createTransport({ direction: 'recv', rtpCapabilities }),
      ]);
      return { routerRtpCapabilities: rtpCapabilities, transports: { send, recv } };
    }
    case 'produce':
      return { producerId: await participant.produce(message.data) };
    case 'leave':
      participant.close();
      return {};
  }
}
