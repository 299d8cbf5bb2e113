/** `record`: what a recorded camera and microphone cost, beside ffmpeg alone on the same packets, and how many two cores take. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UndoStack } from '../src/lib/index.ts';
import { type Benchmark, type BenchmarkOptions, comparison, type Result, reading } from './benchmark.ts';
import { interleaveSides } from './measure/interleave.ts';
import { readTotalCpuMs, readTotalResidentBytes } from './measure/process-stat.ts';
import { Child } from './processes/child.ts';
import { workerBin } from './processes/kaa.ts';
import type { ByHandMethods } from './record/by-hand.ts';
import type { RecordMethods } from './record/main.ts';
import { PlainReaders } from './record/plain-readers.ts';
import type { SenderMethods, Target } from './record/sender.ts';

interface Scale {
  readonly people: number;
  readonly rounds: number;
  readonly warmUpMs: number;
  readonly measureMs: number;
}

const FULL: Scale = { people: 6, rounds: 4, warmUpMs: 2_000, measureMs: 8_000 };
const SMOKE: Scale = { people: 1, rounds: 1, warmUpMs: 500, measureMs: 1_000 };

/** SPEC 12. */
const TARGET = 1.2;
const MIB = 1_024 ** 2;
const CORES = 2;
/** Of the baseline's readers: away from those of the recorder, and from what the system hands out. */
const FIRST_PORT = 43_000;

interface Sides {
  readonly sender: Child<SenderMethods>;
  readonly folder: string;
  readonly people: number;
}

/** A call with people in it who wait to send: another one each round, since a stream does not begin anew on the same track. */
interface OpenCall {
  readonly kaa: Child<RecordMethods>;
  readonly targets: readonly Target[];
  readonly workerPids: readonly number[];
}

/** Milliseconds of processor time in a second, for one person. */
interface Measured {
  readonly recording: number;
  /** Of Kaa: with what the worker does for a person who is not recorded. */
  readonly whole: number;
  readonly readers: number;
  /** What the recording adds to the media worker, and to the server. */
  readonly worker: number;
  readonly server: number;
}

export const record: Benchmark = {
  needsBrowser: false,
  findObstacle: async () => (Bun.which('ffmpeg') ? undefined : 'there is no ffmpeg'),
  run: async (options) => {
    const undo = new UndoStack();
    try {
      const scale = options.isSmoke ? SMOKE : FULL;
      return await measure(await prepare(undo, scale), scale, options);
    } finally {
      await undo.unwind();
    }
  },
};

async function prepare(undo: UndoStack, { people }: Scale): Promise<Sides> {
  const folder = undo.add(await mkdtemp(join(tmpdir(), 'kaa-bench-')), (path) =>
    rm(path, { recursive: true }),
  );
  const sender = undo.add(Child.start<SenderMethods>(processOf('sender.ts')), (made) => made.close());
  await sender.call('prepare', null);
  return { sender, folder, people };
}

function processOf(script: string) {
  return {
    command: [process.execPath, join(import.meta.dir, 'record', script)],
    cwd: join(import.meta.dir, '..'),
    env: workerBin(),
    onLine: (line: string) => console.error(line),
  };
}

async function openCall(undo: UndoStack, { people, folder }: Sides): Promise<OpenCall> {
  const kaa = undo.add(Child.start<RecordMethods>(processOf('main.ts')), (made) => made.close());
  const opened = await kaa.call('open', { people, folder: join(folder, crypto.randomUUID()) });
  undo.add(kaa, (made) => made.call('close', null));
  return { kaa, ...opened };
}

async function measure(sides: Sides, scale: Scale, { report }: BenchmarkOptions): Promise<Result> {
  const tracks = sides.people * 2;
  const grown: number[] = [];
  const readerBytes: number[] = [];
  let segments = 0;
  let packetsMissed = 0;
  const rounds = await interleaveSides(['kaa', 'byHand', 'bare'], scale.rounds, async (side) => {
    if (side === 'bare') return await measurePlain(sides, scale);
    if (side === 'byHand') return await measureByHand(sides, scale);
    const { measured, grownBytes, residentBytes, segmentCount, missed } = await measureKaa(sides, scale);
    grown.push(grownBytes / tracks / MIB);
    readerBytes.push(residentBytes / tracks / MIB);
    segments = segmentCount;
    packetsMissed += missed;
    report(
      `recording a person costs ${measured.recording.toFixed(1)} ms/s, all in all ${measured.whole.toFixed(1)}`,
    );
    return measured;
  });
  const against = (side: 'bare' | 'byHand', key: keyof Measured) =>
    rounds.map((round) => ({ kaa: round.kaa[key], bare: round[side][key] }));
  const kaaOnly = (key: keyof Measured) => rounds.map((round) => round.kaa[key]);
  const people = rounds.map((round) => (CORES * 1_000) / round.kaa.whole);
  return {
    rows: [
      comparison(
        { name: 'CPU to record a person, against ffmpeg alone', unit: 'ms/s', atMost: TARGET },
        against('bare', 'recording'),
      ),
      comparison(
        { name: 'CPU to record a person, against mediasoup and ffmpeg', unit: 'ms/s', atMost: TARGET },
        against('byHand', 'recording'),
      ),
      comparison({ name: 'of it the readers', unit: 'ms/s' }, against('byHand', 'readers')),
      comparison({ name: 'of it the media worker', unit: 'ms/s' }, against('byHand', 'worker')),
      reading({ name: 'of it the server', unit: 'ms/s' }, kaaOnly('server')),
      reading({ name: 'server heap of a recorded track', unit: 'MiB' }, grown),
      reading({ name: 'reader of a track, resident', unit: 'MiB' }, readerBytes),
      reading({ name: 'people whom two cores receive and record', unit: '' }, people),
    ],
    counts: { people: scale.people, tracks, segments, packetsMissed },
  };
}

async function measureKaa(sides: Sides, scale: Scale) {
  const undo = new UndoStack();
  try {
    return await measureCall(sides.sender, await openCall(undo, sides), scale);
  } finally {
    await undo.unwind();
  }
}

async function measureCall(sender: Sides['sender'], { kaa, targets, workerPids }: OpenCall, scale: Scale) {
  const before = await kaa.call('footprint', null);
  const { measured, readers } = await measureThrough(
    { sender, targets, pid: kaa.pid, workerPids, record: () => kaa.call('record', null) },
    scale,
  );
  const residentBytes = await readTotalResidentBytes(readers);
  const { heapBytes } = await kaa.call('footprint', null);
  const segmentCount = await kaa.call('stop', null);
  const missed = await kaa.call('missed', null);
  await sender.call('stop', null);
  return { measured, grownBytes: heapBytes - before.heapBytes, residentBytes, segmentCount, missed };
}

interface MediaServer {
  readonly sender: Sides['sender'];
  readonly targets: readonly Target[];
  readonly pid: number;
  readonly workerPids: readonly number[];
  /** Resolves to the readers, when they read. */
  readonly record: () => Promise<number[]>;
}

/** What recording adds to a server that takes the tracks in anyway. The sender still sends when it resolves. */
async function measureThrough(
  { sender, targets, pid, workerPids, record: begin }: MediaServer,
  { warmUpMs, measureMs }: Scale,
): Promise<{ measured: Measured; readers: number[] }> {
  const people = targets.length / 2;
  const measureOwn = () => Promise.all([cpuPerSecond([pid], measureMs), cpuPerSecond(workerPids, measureMs)]);
  await sender.call('play', targets);
  await Bun.sleep(warmUpMs);
  const [serverBefore, workerBefore] = await measureOwn();
  const readers = await begin();
  await Bun.sleep(warmUpMs);
  const [[serverAfter, workerAfter], reading] = await Promise.all([
    measureOwn(),
    cpuPerSecond(readers, measureMs),
  ]);
  const server = serverAfter - serverBefore;
  const worker = workerAfter - workerBefore;
  const measured = {
    recording: (server + worker + reading) / people,
    whole: (serverAfter + workerAfter + reading) / people,
    readers: reading / people,
    worker: worker / people,
    server: server / people,
  };
  return { measured, readers };
}

async function measureByHand({ sender, people, folder }: Sides, scale: Scale): Promise<Measured> {
  const undo = new UndoStack();
  try {
    const byHand = undo.add(Child.start<ByHandMethods>(processOf('by-hand.ts')), (made) => made.close());
    const { targets, workerPids } = await byHand.call('open', { people });
    undo.add(byHand, (made) => made.call('close', null));
    const record = () => byHand.call('record', { folder });
    const { measured } = await measureThrough(
      { sender, targets, pid: byHand.pid, workerPids, record },
      scale,
    );
    await sender.call('stop', null);
    return measured;
  } finally {
    await undo.unwind();
  }
}

async function measurePlain({ sender, people, folder }: Sides, scale: Scale): Promise<Measured> {
  const own = plainTargets(people);
  const readers = await PlainReaders.start(own, folder);
  try {
    await sender.call('play', own);
    await Bun.sleep(scale.warmUpMs);
    const cpu = (await cpuPerSecond(readers.pids, scale.measureMs)) / people;
    await sender.call('stop', null);
    return { recording: cpu, whole: cpu, readers: cpu, worker: 0, server: 0 };
  } finally {
    await readers.close();
  }
}

/** As those of a call, straight to readers. */
function plainTargets(people: number): Target[] {
  const kinds = [
    { kind: 'video', payloadType: 96, clockRate: 90_000 },
    { kind: 'audio', payloadType: 111, clockRate: 48_000 },
  ] as const;
  return Array.from({ length: people }, () => kinds)
    .flat()
    .map((target, index) => ({ ...target, ssrc: 1_000 + index, port: FIRST_PORT + index * 2 }));
}

/** Milliseconds of processor time that the processes use in a second. */
async function cpuPerSecond(pids: readonly number[], forMs: number): Promise<number> {
  const startedAt = performance.now();
  const before = await readTotalCpuMs(pids);
  await Bun.sleep(forMs);
  const after = await readTotalCpuMs(pids);
  return ((after - before) * 1_000) / (performance.now() - startedAt);
}
