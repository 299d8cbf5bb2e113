/** `forward`: what a forwarded packet costs the worker in Kaa's rooms, and in those of mediasoup alone. */
import { UndoStack } from '../src/lib/index.ts';
import { type Benchmark, type BenchmarkOptions, comparison, type Result } from './benchmark.ts';
import type { LoadMethods } from './load/main.ts';
import { findWebRtcObstacle } from './load/webrtc/library.ts';
import { interleave, type Side } from './measure/interleave.ts';
import { readCpuMs, readTotalCpuMs } from './measure/process-stat.ts';
import { type BareProcess, startBare } from './processes/bare.ts';
import type { Child } from './processes/child.ts';
import { type KaaProcess, startKaa } from './processes/kaa.ts';
import { startLoad } from './processes/load.ts';
import type { StreamCounts } from './processes/stream-counter.ts';

interface Scale {
  readonly rooms: number;
  readonly peopleInRoom: number;
  readonly rounds: number;
  /** How long a side plays before it is measured, in milliseconds: first keyframes, timers, buffers. */
  readonly warmUpMs: number;
  readonly measureMs: number;
}

const FULL: Scale = { rooms: 8, peopleInRoom: 5, rounds: 12, warmUpMs: 1_500, measureMs: 5_000 };
const SMOKE: Scale = { rooms: 1, peopleInRoom: 3, rounds: 1, warmUpMs: 500, measureMs: 1_000 };

/** SPEC 12. */
const TARGET = 1.05;
const MICROSECONDS_PER_MS = 1_000;

/** Both sides under load, by side. */
interface Sides {
  readonly processes: Readonly<Record<Side, KaaProcess | BareProcess>>;
  readonly countStreams: (side: Side) => Promise<StreamCounts>;
  readonly load: Child<LoadMethods>;
}

interface Measured {
  readonly workerUsPerPacket: number;
  /** Of the JavaScript process. */
  readonly serverMsPerSecond: number;
  readonly workerMsPerSecond: number;
  readonly packets: number;
}

export const forward: Benchmark = {
  needsBrowser: false,
  findObstacle: findWebRtcObstacle,
  run: async (options) => {
    const undo = new UndoStack();
    try {
      const scale = options.isSmoke ? SMOKE : FULL;
      const sides = await gather(undo, scale, options);
      return await compare(sides, scale, options);
    } finally {
      await undo.unwind();
    }
  },
};

async function gather(undo: UndoStack, scale: Scale, options: BenchmarkOptions): Promise<Sides> {
  const { rooms, peopleInRoom } = scale;
  const kaa = undo.add(await startKaa({ KAA_BENCH_STREAMS: '1' }), (made) => made.close());
  const bare = undo.add(await startBare(), (made) => made.close());
  const load = undo.add(startLoad(), (made) => made.close());
  const size = { rooms, peopleInRoom, isCounting: options.isSmoke };
  await load.call('gather', { side: 'kaa', url: kaa.url, tokens: await makeTokens(kaa, scale), ...size });
  await load.call('gather', { side: 'bare', url: bare.url, tokens: {}, ...size });
  undo.add(load, (made) => made.call('leave', null));
  options.report(`${rooms} rooms of ${peopleInRoom} are connected on each side`);
  const countStreams = (side: Side) =>
    side === 'kaa' ? kaa.probe.call('countStreams', null) : bare.script.call('countStreams', null);
  return { processes: { kaa, bare }, countStreams, load };
}

async function compare(sides: Sides, scale: Scale, { isSmoke, report }: BenchmarkOptions): Promise<Result> {
  const measure = async (side: Side) => {
    const measured = await measureSide(sides, side, scale);
    report(`${side}: ${measured.workerUsPerPacket.toFixed(2)} µs a packet, ${measured.packets} packets`);
    return measured;
  };
  const rounds = await interleave(scale.rounds, measure);
  const pick = (key: keyof Measured) => rounds.map(({ kaa, bare }) => ({ kaa: kaa[key], bare: bare[key] }));
  const total = (side: Side) => rounds.reduce((sum, round) => sum + round[side].packets, 0);
  return {
    rows: [
      comparison(
        { name: 'worker CPU per forwarded packet', unit: 'µs', atMost: TARGET },
        pick('workerUsPerPacket'),
      ),
      comparison({ name: 'worker CPU under load', unit: 'ms/s' }, pick('workerMsPerSecond')),
      comparison({ name: 'server process CPU under load', unit: 'ms/s' }, pick('serverMsPerSecond')),
    ],
    counts: {
      rooms: scale.rooms,
      peopleInRoom: scale.peopleInRoom,
      packetsKaa: total('kaa'),
      packetsBare: total('bare'),
      ...(isSmoke && (await countArrivals(sides))),
    },
  };
}

async function measureSide(
  { processes, countStreams, load }: Sides,
  side: Side,
  scale: Scale,
): Promise<Measured> {
  const { pid, workerPids } = processes[side];
  await load.call('play', side);
  await Bun.sleep(scale.warmUpMs);
  // Counting costs time too: it is done outside of the time that is measured.
  const before = await countStreams(side);
  const startedAt = performance.now();
  const [workerBefore, serverBefore] = await Promise.all([readTotalCpuMs(workerPids), readCpuMs(pid)]);
  await Bun.sleep(scale.measureMs);
  const [workerAfter, serverAfter] = await Promise.all([readTotalCpuMs(workerPids), readCpuMs(pid)]);
  const seconds = (performance.now() - startedAt) / 1_000;
  const after = await countStreams(side);
  await load.call('stop', side);
  const packets = after.packetsForwarded - before.packetsForwarded;
  return {
    workerUsPerPacket: ((workerAfter - workerBefore) * MICROSECONDS_PER_MS) / packets,
    workerMsPerSecond: (workerAfter - workerBefore) / seconds,
    serverMsPerSecond: (serverAfter - serverBefore) / seconds,
    packets,
  };
}

/** What mediasoup says that it sent, beside what came: they agree when nothing is under way any more. */
async function countArrivals({ countStreams, load }: Sides): Promise<Record<string, number>> {
  await Bun.sleep(500);
  const [kaa, bare] = await Promise.all([countStreams('kaa'), countStreams('bare')]);
  return {
    consumersKaa: kaa.consumers,
    consumersBare: bare.consumers,
    forwardedKaa: kaa.packetsForwarded,
    forwardedBare: bare.packetsForwarded,
    arrivedFromKaa: await load.call('packetsReceived', 'kaa'),
    arrivedFromBare: await load.call('packetsReceived', 'bare'),
  };
}

async function makeTokens(kaa: KaaProcess, { rooms, peopleInRoom }: Scale): Promise<Record<string, string>> {
  const tokens: Record<string, string> = {};
  for (let room = 0; room < rooms; room += 1) {
    for (let person = 0; person < peopleInRoom; person += 1) {
      const userId = `member-${room}-${person}`;
      tokens[userId] = await kaa.token(userId);
    }
  }
  return tokens;
}
