/** `record`: what a recorded camera and microphone cost, beside ffmpeg alone on the same packets, and how many two cores take. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UndoStack } from '../src/lib/index.ts';
import { type Benchmark, type BenchmarkOptions, comparison, type Result, reading } from './benchmark.ts';
import { interleave } from './measure/interleave.ts';
import { readTotalCpuMs, readTotalResidentBytes } from './measure/process-stat.ts';
import { Child } from './processes/child.ts';
import { workerBin } from './processes/kaa.ts';
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
  const rounds = await interleave(scale.rounds, async (side) => {
    if (side === 'bare') return await measurePlain(sides, scale);
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
  const pick = (key: keyof Measured) =>
    rounds.map((round) => ({ kaa: round.kaa[key], bare: round.bare[key] }));
  const people = rounds.map((round) => (CORES * 1_000) / round.kaa.whole);
  return {
    rows: [
      comparison({ name: 'CPU to record a person', unit: 'ms/s', atMost: TARGET }, pick('recording')),
      comparison({ name: 'of it the readers', unit: 'ms/s' }, pick('readers')),
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
  const people = targets.length / 2;
  const own = [kaa.pid, ...workerPids];
  const before = await kaa.call('footprint', null);
  await sender.call('play', targets);
  await Bun.sleep(scale.warmUpMs);
  const unrecorded = await cpuPerSecond(own, scale.measureMs);
  const readers = await kaa.call('record', null);
  await Bun.sleep(scale.warmUpMs);
  const [recorded, reading] = await Promise.all([
    cpuPerSecond(own, scale.measureMs),
    cpuPerSecond(readers, scale.measureMs),
  ]);
  const residentBytes = await readTotalResidentBytes(readers);
  const { heapBytes } = await kaa.call('footprint', null);
  const segmentCount = await kaa.call('stop', null);
  const missed = await kaa.call('missed', null);
  await sender.call('stop', null);
  return {
    measured: {
      recording: (recorded - unrecorded + reading) / people,
      whole: (recorded + reading) / people,
      readers: reading / people,
    },
    grownBytes: heapBytes - before.heapBytes,
    residentBytes,
    segmentCount,
    missed,
  };
}

async function measurePlain({ sender, people, folder }: Sides, scale: Scale): Promise<Measured> {
  const own = plainTargets(people);
  const readers = await PlainReaders.start(own, folder);
  try {
    await sender.call('play', own);
    await Bun.sleep(scale.warmUpMs);
    const cpu = (await cpuPerSecond(readers.pids, scale.measureMs)) / people;
    await sender.call('stop', null);
    return { recording: cpu, whole: cpu, readers: cpu };
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
