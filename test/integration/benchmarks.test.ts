/** Every benchmark in its short form, so that none rots: what is measured really happens. Nothing is said about how fast. */
import { expect, test } from 'bun:test';
import { BENCHMARKS, type BenchmarkName } from '../../bench/benchmarks.ts';

const TIMEOUT_MS = 60_000;

function runSmoke(name: BenchmarkName) {
  return BENCHMARKS[name].run({ isSmoke: true, report: () => {} });
}

const obstacle = await BENCHMARKS.forward.findObstacle();
if (obstacle !== undefined) console.log(`forward: skipped, ${obstacle}`);

test.skipIf(obstacle !== undefined)(
  'forward: the same streams go through both sides, and what was sent is what arrived',
  async () => {
    const { rows, counts } = await runSmoke('forward');
    // Three people with two tracks each, received by two others.
    expect(counts).toMatchObject({ consumersKaa: 12, consumersBare: 12 });
    expect(counts.packetsKaa).toBeGreaterThan(100);
    expect(counts.packetsBare).toBeGreaterThan(100);
    expect(counts.arrivedFromKaa).toBe(counts.forwardedKaa);
    expect(counts.arrivedFromBare).toBe(counts.forwardedBare);
    expect(rows[0]).toMatchObject({ name: 'worker CPU per forwarded packet', atMost: 1.05 });
  },
  TIMEOUT_MS,
);

test(
  'join: as many join on every side, and it costs each something',
  async () => {
    const { rows, counts } = await runSmoke('join');
    expect(counts).toMatchObject({ joinsKaa: 9, joinsLoop: 9, joinsSocket: 9 });
    for (const row of rows.filter(({ name }) => name.startsWith('latency'))) {
      expect(row.kaa.median).toBeGreaterThan(0);
      expect(row.baseline?.median).toBeGreaterThan(0);
    }
  },
  TIMEOUT_MS,
);

test(
  'memory: every step of the joins and leaves has its value',
  async () => {
    const { series } = await runSmoke('memory');
    for (const values of Object.values(series ?? {})) {
      expect(values).toHaveLength(2);
      for (const value of values) expect(value).toBeGreaterThan(0);
    }
    expect(Object.keys(series ?? {})).toHaveLength(4);
  },
  TIMEOUT_MS,
);

test(
  'compose: both sides make the whole grid',
  async () => {
    const { rows, counts } = await runSmoke('compose');
    expect(counts.secondsMadeKaa).toBeCloseTo(1, 1);
    expect(counts.secondsMadeBare).toBeCloseTo(1, 1);
    for (const { kaa } of rows) expect(kaa.median).toBeGreaterThan(0);
  },
  TIMEOUT_MS,
);

const recordObstacle = await BENCHMARKS.record.findObstacle();

test.skipIf(recordObstacle !== undefined)(
  'record: every track of the call has its segment, and what that costs is counted',
  async () => {
    const { rows, counts } = await runSmoke('record');
    expect(counts).toMatchObject({ people: 1, tracks: 2, segments: 2 });
    expect(rows[0]).toMatchObject({ name: 'CPU to record a person, against ffmpeg alone', atMost: 1.2 });
    expect(rows[1]).toMatchObject({ atMost: 1.2 });
    // What recording adds is less, in a second, than the kernel counts; what there is in all is more.
    expect(rows.find(({ name }) => name.startsWith('people'))!.kaa.median).toBeGreaterThan(0);
  },
  TIMEOUT_MS,
);

test(
  'relay: every frame arrives on both sides, few operators and many',
  async () => {
    const { rows, counts } = await runSmoke('relay');
    expect(counts).toMatchObject({ framesKaa: 12 + 15, framesBare: 12 + 15, idleSessions: 4 });
    expect(rows[0]).toMatchObject({ name: 'CPU per delivered MiB, 3 operators', atMost: 1.15 });
  },
  TIMEOUT_MS,
);

test(
  'live: what streams publish by the clock is taken, and each is completed',
  async () => {
    const { rows, counts } = await runSmoke('live');
    expect(counts).toEqual({ streams: 2, published: 4, taken: 4, completed: 2 });
    expect(rows.find(({ name }) => name === 'CPU of a stream')?.kaa.median).toBeGreaterThan(0);
  },
  TIMEOUT_MS,
);

test(
  'phone: both ends of every call talk, and each leg costs something',
  async () => {
    const { rows, counts } = await runSmoke('phone');
    expect(counts.legs).toBe(3);
    expect(counts.frames).toBeGreaterThan(30);
    expect(rows.map(({ name }) => name)).toEqual([
      'CPU of a leg, server process',
      'CPU of a leg, media worker',
      'frames that leave over 20 ms late',
    ]);
    // Beside them runs a clock that has nothing to do.
    expect(rows[2]?.baseline).toBeDefined();
    expect(counts.bareTicks).toBeGreaterThan(10);
  },
  TIMEOUT_MS,
);
