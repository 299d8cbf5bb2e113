/** `join`: what it costs to let somebody in who publishes a microphone and a camera, and what mediasoup alone takes of that. */
import { UndoStack } from '../src/lib/index.ts';
import { type Benchmark, type BenchmarkOptions, comparison, type Result, reading } from './benchmark.ts';
import { Visitor } from './load/visitor.ts';
import { interleave, type Side } from './measure/interleave.ts';
import { readThreadTimes, readTotalCpuMs } from './measure/process-stat.ts';
import { quantile } from './measure/statistics.ts';
import { type BareProcess, startBare } from './processes/bare.ts';
import { type KaaProcess, startKaa } from './processes/kaa.ts';

interface Scale {
  readonly rooms: number;
  readonly peopleInRoom: number;
  readonly rounds: number;
}

const FULL: Scale = { rooms: 50, peopleInRoom: 8, rounds: 8 };
const SMOKE: Scale = { rooms: 3, peopleInRoom: 3, rounds: 1 };

/** SPEC 12. */
const TARGET = 2;
/** Rows are written behind the joins, and what was allocated is collected: it counts, on both sides. */
const SETTLE_MS = 1_000;
/** Between two rounds, so that what one leaves behind is closed before the other begins. */
const PAUSE_MS = 1_500;
/** Both compile their hot code while they run: after so many rounds little of that is left. */
const WARM_UP_ROUNDS = 12;

interface Measured {
  readonly cpuMsPerJoin: number;
  readonly mainCpuMsPerJoin: number;
  readonly databaseCpuMsPerJoin: number;
  readonly runtimeCpuMsPerJoin: number;
  readonly workerCpuMsPerJoin: number;
  readonly medianLatencyMs: number;
  readonly p95LatencyMs: number;
  readonly joins: number;
}

export const join: Benchmark = {
  needsBrowser: false,
  findObstacle: async () => undefined,
  run: async (options) => {
    const undo = new UndoStack();
    try {
      // Rooms of one round end before the next one, as those of the baseline are closed.
      const kaa = undo.add(await startKaa({ CALL_EMPTY_TIMEOUT: '200ms' }), (made) => made.close());
      const bare = undo.add(await startBare(), (made) => made.close());
      return await compare(kaa, bare, options);
    } finally {
      await undo.unwind();
    }
  },
};

async function compare(
  kaa: KaaProcess,
  bare: BareProcess,
  { isSmoke, report }: BenchmarkOptions,
): Promise<Result> {
  const scale = isSmoke ? SMOKE : FULL;
  let round = 0;
  const measure = async (side: Side) => {
    round += 1;
    const measured =
      side === 'kaa' ? await measureKaa(kaa, scale, `round-${round}`) : await measureBare(bare, scale);
    report(
      `${side}: ${measured.cpuMsPerJoin.toFixed(2)} ms CPU and ${measured.medianLatencyMs.toFixed(2)} ms a join`,
    );
    if (!isSmoke) await Bun.sleep(PAUSE_MS);
    return measured;
  };
  // Nobody is measured with cold code.
  if (!isSmoke) await interleave(WARM_UP_ROUNDS, measure);
  const rounds = await interleave(scale.rounds, measure);
  const pick = (key: keyof Measured) => rounds.map((one) => ({ kaa: one.kaa[key], bare: one.bare[key] }));
  const total = (side: Side) => rounds.reduce((sum, one) => sum + one[side].joins, 0);
  return {
    rows: [
      comparison({ name: 'CPU per join', unit: 'ms', atMost: TARGET }, pick('cpuMsPerJoin')),
      comparison({ name: 'of it the main thread', unit: 'ms' }, pick('mainCpuMsPerJoin')),
      comparison({ name: 'of it compiling and collecting', unit: 'ms' }, pick('runtimeCpuMsPerJoin')),
      reading(
        { name: 'of it the embedded database', unit: 'ms' },
        rounds.map(({ kaa }) => kaa.databaseCpuMsPerJoin),
      ),
      comparison({ name: 'of it the media worker', unit: 'ms' }, pick('workerCpuMsPerJoin')),
      comparison({ name: 'latency, median', unit: 'ms', atMost: TARGET }, pick('medianLatencyMs')),
      comparison({ name: 'latency, 95th percentile', unit: 'ms' }, pick('p95LatencyMs')),
    ],
    counts: {
      rooms: scale.rooms,
      peopleInRoom: scale.peopleInRoom,
      joinsKaa: total('kaa'),
      joinsBare: total('bare'),
    },
  };
}

async function measureKaa(
  kaa: KaaProcess,
  { rooms, peopleInRoom }: Scale,
  prefix: string,
): Promise<Measured> {
  const visitors: Visitor[] = [];
  for (let person = 0; person < peopleInRoom; person += 1) {
    for (let room = 0; room < rooms; room += 1) {
      const token = await kaa.token(`visitor-${room}-${person}`);
      visitors.push(await Visitor.connect(kaa.url, token, `${prefix}-${room}`));
    }
  }
  const measured = await measureCpu(kaa, async () => {
    const latencies: number[] = [];
    for (const visitor of visitors) {
      const startedAt = performance.now();
      await visitor.joinAndPublish();
      latencies.push(performance.now() - startedAt);
    }
    return latencies;
  });
  await Promise.all(visitors.map((visitor) => visitor.leave()));
  await Promise.all(visitors.map((visitor) => visitor.close()));
  return measured;
}

async function measureBare(bare: BareProcess, { rooms, peopleInRoom }: Scale): Promise<Measured> {
  const measured = await measureCpu(bare, () => bare.script.call('runJoinLoop', { rooms, peopleInRoom }));
  await bare.script.call('closeRooms', null);
  return measured;
}

/** `joinAll` gives the latency of each join. */
async function measureCpu(
  { pid, workerPids }: KaaProcess | BareProcess,
  joinAll: () => Promise<number[]>,
): Promise<Measured> {
  const read = () =>
    Promise.all([readTotalCpuMs([pid]), readTotalCpuMs(workerPids), readThreadTimes(pid)] as const);
  const [serverBefore, workerBefore, threadsBefore] = await read();
  const latencies = await joinAll();
  await Bun.sleep(SETTLE_MS);
  const [serverAfter, workerAfter, threadsAfter] = await read();
  const joins = latencies.length;
  const server = serverAfter - serverBefore;
  const worker = workerAfter - workerBefore;
  const main = threadsAfter.main - threadsBefore.main;
  const database = threadsAfter.workers - threadsBefore.workers;
  return {
    cpuMsPerJoin: (server + worker) / joins,
    mainCpuMsPerJoin: main / joins,
    databaseCpuMsPerJoin: database / joins,
    runtimeCpuMsPerJoin: (server - main - database) / joins,
    workerCpuMsPerJoin: worker / joins,
    medianLatencyMs: quantile(latencies, 0.5),
    p95LatencyMs: quantile(latencies, 0.95),
    joins,
  };
}
