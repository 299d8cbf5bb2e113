/** The load of the relay, as a process of its own: one source and its operators, who count and time what arrives. */
import { serve } from '../processes/serve.ts';

interface Places {
  readonly source: string;
  readonly operators: readonly string[];
}

interface Load {
  readonly frames: number;
  readonly bytes: number;
  /** Frames that may be under way at once. */
  readonly window: number;
  /** Milliseconds between two frames; 0: as fast as the window allows. */
  readonly pauseMs: number;
}

export interface Delivered {
  readonly frames: number;
  readonly bytes: number;
  readonly seconds: number;
  /** From the source's `send` to an operator's `message`, in milliseconds. */
  readonly medianMs: number;
  readonly p99Ms: number;
}

export type AudienceMethods = {
  /** Connects everybody, in the place of those before. */
  connect(places: Places): Promise<null>;
  /** Resolves when every operator has every frame. */
  send(load: Load): Promise<Delivered>;
  /** Sockets that stay silent. */
  idle(urls: readonly string[]): Promise<null>;
  leave(nothing: null): Promise<null>;
};

/** Of a frame: when it was sent. */
const STAMP_BYTES = 8;

let source: WebSocket | undefined;
let operators: WebSocket[] = [];
const idle: WebSocket[] = [];
let arrived: (frame: Buffer) => void = () => {};

function open(url: string): Promise<WebSocket> {
  const socket = new WebSocket(url);
  socket.binaryType = 'nodebuffer' as BinaryType;
  return new Promise((resolve, reject) => {
    socket.onopen = () => resolve(socket);
    socket.onerror = () => reject(new Error('a socket was refused'));
  });
}

async function leave(): Promise<null> {
  const all = [...operators, ...idle, ...(source ? [source] : [])];
  const closed = all.map((socket) => new Promise((resolve) => (socket.onclose = resolve)));
  for (const socket of all) socket.close();
  await Promise.all(closed);
  [source, operators] = [undefined, []];
  idle.length = 0;
  return null;
}

async function send({ frames, bytes, window, pauseMs }: Load): Promise<Delivered> {
  const delays: number[] = [];
  const wanted = frames * operators.length;
  const frame = Buffer.alloc(bytes, 7);
  const everything = Promise.withResolvers<void>();
  const startedAt = performance.now();
  let sent = 0;
  const sendOne = () => {
    if (sent >= frames) return;
    sent += 1;
    frame.writeDoubleBE(performance.now(), 0);
    source?.send(frame);
  };
  arrived = (received) => {
    delays.push(performance.now() - received.readDoubleBE(0));
    if (delays.length === wanted) everything.resolve();
    else if (pauseMs === 0 && delays.length % operators.length === 0) sendOne();
  };
  const timer = pauseMs > 0 ? setInterval(sendOne, pauseMs) : undefined;
  if (pauseMs === 0) for (let index = 0; index < window; index += 1) sendOne();
  await everything.promise;
  clearInterval(timer);
  const seconds = (performance.now() - startedAt) / 1_000;
  delays.sort((a, b) => a - b);
  const at = (part: number) => delays[Math.floor((delays.length - 1) * part)] ?? 0;
  return { frames: wanted, bytes: wanted * bytes, seconds, medianMs: at(0.5), p99Ms: at(0.99) };
}

serve({
  connect: async (places) => {
    await leave();
    operators = await Promise.all(places.operators.map(open));
    for (const operator of operators) {
      operator.onmessage = ({ data }) => {
        if (data.length >= STAMP_BYTES) arrived(data);
      };
    }
    source = await open(places.source);
    return null;
  },
  send,
  idle: async (urls) => {
    for (const url of urls) idle.push(await open(url));
    return null;
  },
  leave,
} satisfies AudienceMethods);
