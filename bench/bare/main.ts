/** The bare script as a process: participants over its socket, and what the benchmark asks over IPC. */
import type { ServerWebSocket } from 'bun';
import { serve } from '../processes/serve.ts';
import { StreamCounter, type StreamCounts } from '../processes/stream-counter.ts';
import { type JoinLoopOptions, runJoinLoop } from './join-loop.ts';
import { BareParticipant } from './participant.ts';
import type { BareAnswer, BareMethods, BareRequest } from './protocol.ts';
import { BareRooms } from './rooms.ts';
import { serveSignaling } from './signaling.ts';

export type BareProcessMethods = {
  /** Resolves when it listens. */
  start(nothing: null): Promise<{ url: string; signalingUrl: string; workerPid: number }>;
  countStreams(nothing: null): Promise<StreamCounts>;
  runJoinLoop(options: JoinLoopOptions): Promise<number[]>;
  closeRooms(nothing: null): Promise<void>;
};

interface Connection {
  readonly participant: BareParticipant;
}

const counter = new StreamCounter();
const rooms = await BareRooms.create(process.env.MEDIASOUP_WORKER_BIN);
const server = Bun.serve({
  hostname: '127.0.0.1',
  port: 0,
  fetch: (request, self) =>
    self.upgrade(request, { data: { participant: new BareParticipant(rooms) } })
      ? undefined
      : new Response('a WebSocket is expected', { status: 400 }),
  websocket: {
    data: {} as Connection,
    message: (socket, message) => answer(socket, JSON.parse(String(message))),
    close: ({ data }) => data.participant.close(),
  },
});

const signaling = serveSignaling(rooms);

async function answer(socket: ServerWebSocket<Connection>, request: BareRequest): Promise<void> {
  const reply = (message: BareAnswer) => socket.send(JSON.stringify(message));
  const { id, method, argument } = request;
  const { participant } = socket.data;
  try {
    const run = participant[method].bind(participant) as (
      argument: unknown,
    ) => ReturnType<BareMethods[keyof BareMethods]>;
    reply({ id, result: (await run(argument)) ?? null });
  } catch (error) {
    reply({ id, error: String(error) });
  }
}

const methods: BareProcessMethods = {
  start: async () => ({
    url: `ws://127.0.0.1:${server.port}`,
    signalingUrl: `http://127.0.0.1:${signaling.port}`,
    workerPid: rooms.workerPid,
  }),
  countStreams: () => counter.count(),
  runJoinLoop: (options) => runJoinLoop(rooms, options),
  closeRooms: () => rooms.closeRooms(),
};
serve(methods);
// mediasoup listens to the signal to end its worker, so that by itself this process would live on.
process.on('SIGTERM', () => process.exit(0));
