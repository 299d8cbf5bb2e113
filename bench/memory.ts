/** `memory`: what an idle room, a participant and a socket take, and whether thousands of joins and leaves leave anything behind. */
import { UndoStack } from '../src/lib/index.ts';
import { type Benchmark, type BenchmarkOptions, type Row, reading } from './benchmark.ts';
import { Visitor } from './load/visitor.ts';
import { readTotalResidentBytes } from './measure/process-stat.ts';
import { slope } from './measure/statistics.ts';
import { type KaaProcess, startKaa } from './processes/kaa.ts';

interface Scale {
  /** How many of a thing are made to weigh one. */
  readonly things: number;
  readonly peopleInRoom: number;
  readonly visits: number;
  /** The series has a value for each so many. */
  readonly visitsInStep: number;
  readonly visitorsAtOnce: number;
  /** In milliseconds: rooms end, rows are written, and the worker answers. */
  readonly settleMs: number;
}

const FULL: Scale = {
  things: 400,
  peopleInRoom: 8,
  visits: 10_000,
  visitsInStep: 1_000,
  visitorsAtOnce: 16,
  settleMs: 2_000,
};
const SMOKE: Scale = {
  things: 8,
  peopleInRoom: 4,
  visits: 20,
  visitsInStep: 10,
  visitorsAtOnce: 8,
  settleMs: 200,
};

const ROOMS_AT_ONCE = 20;
const EMPTY_TIMEOUT_MS = 500;
/** Of the series: compiled code, pools and caches reach their size. */
const WARM_UP_PART = 0.3;
const KIB = 1_024;
const MIB = 1_024 * KIB;

/** Bytes, after a collection, and objects. */
interface Held {
  readonly heap: number;
  readonly objects: number;
  readonly server: number;
  readonly worker: number;
}

export const memory: Benchmark = {
  needsBrowser: false,
  findObstacle: async () => undefined,
  run: async (options) => {
    const scale = options.isSmoke ? SMOKE : FULL;
    const weights = await weigh(scale, options);
    const series = await watchVisits(scale, options);
    const warm = Math.floor(series.heapMiB.length * WARM_UP_PART);
    const stepsInThousand = 1_000 / scale.visitsInStep;
    const growth = (values: readonly number[]) => slope(values.slice(warm)) * stepsInThousand;
    const perThousand = (what: string, unit: string, grown: number) =>
      reading({ name: `growth per 1,000 joins and leaves, ${what}`, unit }, [grown]);
    return {
      rows: [
        ...weights,
        perThousand('server objects', 'objects', growth(series.heapObjects)),
        perThousand('server heap', 'KiB', growth(series.heapMiB) * KIB),
        perThousand('server process', 'KiB', growth(series.serverMiB) * KIB),
        perThousand('worker', 'KiB', growth(series.workerMiB) * KIB),
      ],
      counts: { things: scale.things, visits: scale.visits },
      series: { ...series },
    };
  },
};

/** Rooms stay as long as it takes here, also those that nobody is in. */
async function weigh(scale: Scale, { report }: BenchmarkOptions): Promise<Row[]> {
  return await withKaa({ CALL_EMPTY_TIMEOUT: '1h' }, async (kaa) => {
    const rows: Row[] = [];
    const weighOne = async (name: string, make: () => Promise<void>) => {
      const before = await hold(kaa, scale);
      await make();
      const after = await hold(kaa, scale);
      const perThing = (key: 'heap' | 'server' | 'worker') => (after[key] - before[key]) / scale.things / KIB;
      report(`${name}: ${perThing('heap').toFixed(1)} KiB of heap`);
      rows.push(
        reading({ name: `${name}, server heap`, unit: 'KiB' }, [perThing('heap')]),
        reading({ name: `${name}, server process`, unit: 'KiB' }, [perThing('server')]),
        reading({ name: `${name}, worker`, unit: 'KiB' }, [perThing('worker')]),
      );
    };
    const roomOf = (prefix: string, index: number) => `${prefix}-${Math.floor(index / scale.peopleInRoom)}`;
    const open = (prefix: string, count = scale.things) =>
      mapInTurn(count, async (index) =>
        Visitor.connect(kaa.url, await kaa.token(`${prefix}-${index}`), roomOf(prefix, index)),
      );
    const visitRooms = async (prefix: string, count = scale.things) => {
      await mapInTurn(count, async (index) => {
        const visitor = await Visitor.connect(kaa.url, await kaa.token('host'), `${prefix}-${index}`);
        await visitor.join();
        await visitor.leave();
        await visitor.close();
      });
    };
    // Politely: one who hangs up is kept for a while, in case that they come back.
    const leaveAll = async (visitors: readonly Visitor[]) => {
      for (const visitor of visitors) {
        await visitor.leave();
        await visitor.close();
      }
      await Bun.sleep(scale.settleMs);
    };
    // The first of everything compiles code and fills pools: that is nobody's weight. Few, because what they free is
    // taken again by what is weighed.
    const few = Math.ceil(scale.things / 10);
    await visitRooms('warm', few);
    const warm = await open('warm', few);
    for (const visitor of warm) await visitor.joinAndPublish();
    await leaveAll(warm);

    await weighOne('idle room', () => visitRooms('idle'));
    let sockets: Visitor[] = [];
    await weighOne('socket', async () => {
      sockets = await open('person');
    });
    await weighOne('participant without media', async () => {
      for (const visitor of sockets) await visitor.join();
    });
    await leaveAll(sockets);
    const publishing = await open('publisher');
    await weighOne('participant with two transports and two tracks', async () => {
      for (const visitor of publishing) await visitor.joinAndPublish();
    });
    await leaveAll(publishing);
    return rows;
  });
}

/** Joins and leaves, many at a time, into rooms that end when they are empty; a value for each step, when all is gone. */
async function watchVisits(scale: Scale, { report }: BenchmarkOptions) {
  return await withKaa({ CALL_EMPTY_TIMEOUT: `${EMPTY_TIMEOUT_MS}ms` }, async (kaa) => {
    const heapObjects: number[] = [];
    const heapMiB: number[] = [];
    const serverMiB: number[] = [];
    const workerMiB: number[] = [];
    for (let done = 0; done < scale.visits; done += scale.visitsInStep) {
      let next = done;
      const visitor = async () => {
        while (next < done + scale.visitsInStep) {
          const index = next++;
          await visit(kaa, index, `visited-${done}-${index % ROOMS_AT_ONCE}`);
        }
      };
      await Promise.all(Array.from({ length: scale.visitorsAtOnce }, visitor));
      const held = await hold(kaa, scale);
      heapObjects.push(held.objects);
      heapMiB.push(round(held.heap / MIB));
      serverMiB.push(round(held.server / MIB));
      workerMiB.push(round(held.worker / MIB));
      report(
        `${done + scale.visitsInStep} visits: ${held.objects} objects, heap ${heapMiB.at(-1)}, server ${serverMiB.at(-1)}, worker ${workerMiB.at(-1)} MiB`,
      );
    }
    return { heapObjects, heapMiB, serverMiB, workerMiB };
  });
}

async function visit(kaa: KaaProcess, index: number, roomId: string): Promise<void> {
  const visitor = await Visitor.connect(kaa.url, await kaa.token(`visitor-${index}`), roomId);
  await visitor.joinAndPublish();
  await visitor.leave();
  await visitor.close();
}

async function hold(kaa: KaaProcess, scale: Scale): Promise<Held> {
  await Bun.sleep(scale.settleMs);
  const { heapBytes, heapObjects, residentBytes } = await kaa.probe.call('footprint', null);
  return {
    heap: heapBytes,
    objects: heapObjects,
    server: residentBytes,
    worker: await readTotalResidentBytes(kaa.workerPids),
  };
}

async function withKaa<T>(env: Record<string, string>, use: (kaa: KaaProcess) => Promise<T>): Promise<T> {
  const undo = new UndoStack();
  try {
    return await use(undo.add(await startKaa(env), (made) => made.close()));
  } finally {
    await undo.unwind();
  }
}

async function mapInTurn<T>(count: number, make: (index: number) => Promise<T>): Promise<T[]> {
  const made: T[] = [];
  for (let index = 0; index < count; index += 1) made.push(await make(index));
  return made;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
