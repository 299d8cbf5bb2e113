/** Work that outlives the process: named queues in the database, each job done at least once, each key by one at a time. */
import { PgBoss } from 'pg-boss';
import type { Logger } from '../observability/index.ts';

export interface Attempt {
  /** From 1. */
  readonly number: number;
  /** Whether the job is given up when this attempt rejects. */
  readonly isLast: boolean;
}

export interface QueueOptions {
  readonly name: string;
  /** How many jobs of the queue run at once in this process. */
  readonly concurrency: number;
  /** How often a job that rejected is tried again. */
  readonly retryLimit: number;
  /** Seconds before the first of these; later ones wait twice as long each, up to `retryDelayMax`. */
  readonly retryDelay: number;
  readonly retryDelayMax: number;
  /** Does the job; may be called again for one that was done, when its end could not be written down. */
  readonly run: (key: string, attempt: Attempt, signal: AbortSignal) => Promise<void>;
}

export interface Queue {
  /** Asks for the job of this key. While one waits or runs, that one is it. */
  send(key: string): Promise<void>;
  /** Takes the job of this key out of the queue; one that runs here is told by its signal, and waited for. */
  cancel(key: string): Promise<void>;
}

/** Where the queues are: the database of the server. */
export interface JobDatabase {
  readonly kind: 'pglite' | 'postgres';
  /** Takes texts with several statements when there are no values. */
  executeSql(text: string, values?: readonly unknown[]): Promise<{ rows: Record<string, unknown>[] }>;
}

export interface JobsOptions {
  readonly database: JobDatabase;
  readonly logger: Logger;
  /** Whether nobody else works on these queues: then what is marked as running at the start was cut off. */
  readonly isAlone: boolean;
}

interface Running {
  readonly controller: AbortController;
  /** Never rejects. */
  readonly settled: Promise<void>;
}

const SCHEMA = 'jobs';
/** A job whose process died is given to another one after this time. */
const HEARTBEAT_SECONDS = 15;
const POLLING_SECONDS = 1;
const MONITOR_SECONDS = 5;
const LONGEST_JOB_SECONDS = 24 * 3_600 - 1;
const STOP_TIMEOUT_MS = 10_000;

export class Jobs {
  readonly #boss: PgBoss;
  readonly #isAlone: boolean;
  /** By queue and key: what runs here. */
  readonly #running = new Map<string, Running>();
  #closed: Promise<void> | undefined;

  /** Makes the tables of the queues when they are not there. */
  static async create({ database, logger, isAlone }: JobsOptions): Promise<Jobs> {
    const boss = new PgBoss({
      db: { executeSql: (text, values) => database.executeSql(text, values) },
      backend: database.kind,
      schema: SCHEMA,
      schedule: false,
      superviseIntervalSeconds: MONITOR_SECONDS,
      monitorIntervalSeconds: MONITOR_SECONDS,
    });
    boss.on('error', (error) => logger.warn({ err: error }, 'the job queue has a problem'));
    await boss.start();
    return new Jobs(boss, isAlone);
  }

  private constructor(boss: PgBoss, isAlone: boolean) {
    this.#boss = boss;
    this.#isAlone = isAlone;
  }

  /** Begins to work on a queue. To be called once for each. */
  async work(options: QueueOptions): Promise<Queue> {
    const { name, concurrency, retryLimit, retryDelay, retryDelayMax } = options;
    await this.#boss.createQueue(name, { policy: 'exclusive' });
    await this.#boss.updateQueue(name, {
      retryLimit,
      retryDelay,
      retryDelayMax,
      retryBackoff: true,
      heartbeatSeconds: HEARTBEAT_SECONDS,
      expireInSeconds: LONGEST_JOB_SECONDS,
    });
    if (this.#isAlone) await this.#forgetCutOff(name);
    await this.#boss.work(
      name,
      {
        localConcurrency: concurrency,
        pollingIntervalSeconds: POLLING_SECONDS,
        heartbeatRefreshSeconds: HEARTBEAT_SECONDS / 3,
        includeMetadata: true,
      },
      async (jobs) => {
        for (const { singletonKey, retryCount, retryLimit: limit, signal } of jobs) {
          const attempt = { number: retryCount + 1, isLast: retryCount >= limit };
          await this.#run(options, { key: singletonKey ?? '', attempt, signal });
        }
      },
    );
    return {
      send: async (key) => {
        await this.#boss.send(name, null, { singletonKey: key });
      },
      cancel: (key) => this.#cancel(name, key),
    };
  }

  /** Ends what runs, as if it had failed, and lets go of the database. Twice is no error. */
  close(): Promise<void> {
    this.#closed ??= this.#closeOnce();
    return this.#closed;
  }

  async #run(
    { name, run }: QueueOptions,
    { key, attempt, signal }: { key: string; attempt: Attempt; signal: AbortSignal },
  ): Promise<void> {
    const id = idOf(name, key);
    // A database that was away for a while takes for dead what still runs here, and gives it out again.
    for (let earlier = this.#running.get(id); earlier; earlier = this.#running.get(id)) await earlier.settled;
    if (this.#closed) throw new Error('the server is stopping');
    const controller = new AbortController();
    const running = run(key, attempt, AbortSignal.any([controller.signal, signal]));
    this.#running.set(id, { controller, settled: running.catch(() => {}) });
    try {
      await running;
    } finally {
      this.#running.delete(id);
    }
  }

  async #cancel(name: string, key: string): Promise<void> {
    const running = this.#running.get(idOf(name, key));
    running?.controller.abort(new Error('the job was cancelled'));
    await running?.settled;
    const jobs = await this.#boss.findJobs(name, { key });
    const open = jobs.filter(({ state }) => state === 'created' || state === 'retry' || state === 'active');
    if (open.length > 0) {
      await this.#boss.deleteJob(
        name,
        open.map(({ id }) => id),
      );
    }
  }

  /** A process that was killed could not say so: its jobs begin again at once. */
  async #forgetCutOff(name: string): Promise<void> {
    const jobs = await this.#boss.findJobs(name);
    for (const { id, state, singletonKey } of jobs) {
      if (state !== 'active') continue;
      await this.#boss.deleteJob(name, id);
      await this.#boss.send(name, null, { singletonKey: singletonKey ?? '' });
    }
  }

  async #closeOnce(): Promise<void> {
    const running = [...this.#running.values()];
    for (const { controller } of running) controller.abort(new Error('the server is stopping'));
    await Promise.all(running.map(({ settled }) => settled));
    await this.#boss.stop({ graceful: true, timeout: STOP_TIMEOUT_MS });
  }
}

function idOf(name: string, key: string): string {
  return `${name}/${key}`;
}
