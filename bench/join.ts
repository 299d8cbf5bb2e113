/** `join`: what it costs to let somebody in who publishes a microphone and a camera, and what mediasoup alone takes of that. */
import { UndoStack } from '../src/lib/index.ts';
import { type Benchmark, type BenchmarkOptions, comparison, type Result, reading } from './benchmark.ts';
import { Visitor } from './load/visitor.ts';
import { interleaveSides } from './measure/interleave.ts';
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

/** `loop`: mediasoup alone, without signalling. `socket`: the same behind the smallest socket, which gets the same messages. */
type JoinSide = 'kaa' | 'loop' | 'socket';
/** Kaa next to both. */
const SIDES: readonly JoinSide[] = ['loop', 'kaa', 'socket'];
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
      const loop = undo.add(await startBare(), (made) => made.close());
      const socket = undo.add(await startBare(), (made) => made.close());
      return await compare({ kaa, loop, socket }, options);
    } finally {
      await undo.unwind();
    }
  },
};

interface Processes {
  readonly kaa: KaaProcess;
  readonly loop: BareProcess;
  readonly socket: BareProcess;
}

async function compare(processes: Processes, { isSmoke, report }: BenchmarkOptions): Promise<Result> {
  const scale = isSmoke ? SMOKE : FULL;
  let round = 0;
  const measure = async (side: JoinSide) => {
    round += 1;
    const measured = await measureSide(processes, side, { scale, prefix: `round-${round}` });
    report(
      `${side}: ${measured.cpuMsPerJoin.toFixed(2)} ms CPU and ${measured.medianLatencyMs.toFixed(2)} ms a join`,
    );
    if (!isSmoke) await Bun.sleep(PAUSE_MS);
    return measured;
  };
  // Nobody is measured with cold code.
  if (!isSmoke) await interleaveSides(SIDES, WARM_UP_ROUNDS, measure);
  const rounds = await interleaveSides(SIDES, scale.rounds, measure);
  const pick = (key: keyof Measured, baseline: 'loop' | 'socket') =>
    rounds.map((one) => ({ kaa: one.kaa[key], bare: one[baseline][key] }));
  const total = (side: JoinSide) => rounds.reduce((sum, one) => sum + one[side].joins, 0);
  const compareTo = (baseline: 'loop' | 'socket', suffix: string) => [
    comparison({ name: `CPU per join${suffix}`, unit: 'ms', atMost: TARGET }, pick('cpuMsPerJoin', baseline)),
    comparison({ name: `of it the main thread${suffix}`, unit: 'ms' }, pick('mainCpuMsPerJoin', baseline)),
    comparison(
      { name: `of it compiling and collecting${suffix}`, unit: 'ms' },
      pick('runtimeCpuMsPerJoin', baseline),
    ),
    comparison({ name: `of it the media worker${suffix}`, unit: 'ms' }, pick('workerCpuMsPerJoin', baseline)),
    comparison(
      { name: `latency, median${suffix}`, unit: 'ms', atMost: TARGET },
      pick('medianLatencyMs', baseline),
    ),
    comparison({ name: `latency, 95th percentile${suffix}`, unit: 'ms' }, pick('p95LatencyMs', baseline)),
  ];
  return {
    rows: [
      ...compareTo('loop', ''),
      ...compareTo('socket', ', behind a socket'),
      reading(
        { name: 'of the CPU the embedded database', unit: 'ms' },
        rounds.map(({ kaa }) => kaa.databaseCpuMsPerJoin),
      ),
    ],
    counts: {
      rooms: scale.rooms,
      peopleInRoom: scale.peopleInRoom,
      joinsKaa: total('kaa'),
      joinsLoop: total('loop'),
      joinsSocket: total('socket'),
    },
  };
}

interface RoundOptions {
  readonly scale: Scale;
  /** Of the ids of its rooms. */
  readonly prefix: string;
}

async function measureSide(
  { kaa, loop, socket }: Processes,
  side: JoinSide,
  options: RoundOptions,
): Promise<Measured> {
  if (side === 'kaa') {
    const connect = async (userId: string, roomId: string) =>
      Visitor.connect(kaa.url, await kaa.token(userId), roomId);
    return await measureVisitors(kaa, connect, options);
  }
  if (side === 'socket') {
    // Nobody looks at the token.
    const connect = (userId: string, roomId: string) => Visitor.connect(socket.signalingUrl, userId, roomId);
    const measured = await measureVisitors(socket, connect, options);
    await socket.script.call('closeRooms', null);
    return measured;
  }
  const { rooms, peopleInRoom } = options.scale;
  const measured = await measureCpu(loop, () => loop.script.call('runJoinLoop', { rooms, peopleInRoom }));
  await loop.script.call('closeRooms', null);
  return measured;
}

async function measureVisitors(
  process: KaaProcess | BareProcess,
  connect: (userId: string, roomId: string) => Promise<Visitor>,
  { scale: { rooms, peopleInRoom }, prefix }: RoundOptions,
): Promise<Measured> {
  const visitors: Visitor[] = [];
  for (let person = 0; person < peopleInRoom; person += 1) {
    for (let room = 0; room < rooms; room += 1) {
      visitors.push(await connect(`visitor-${room}-${person}`, `${prefix}-${room}`));
    }
  }
  const measured = await measureCpu(process, async () => {
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
