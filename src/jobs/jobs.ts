/** Work that outlives the process: named queues in the database, each job done at least once, each key by one at a time. */
import { PgBoss } from 'pg-boss';
import type { Database } from '../db/index.ts';
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
  /** Takes the job of this key out of the queue; one that runs is told by its signal. */
  cancel(key: string): Promise<void>;
}

export interface JobsOptions {
  readonly database: Database;
  readonly logger: Logger;
  /** Whether nobody else works on these queues: then what is marked as running at the start was cut off. */
  readonly isAlone: boolean;
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
  readonly #running = new Map<string, AbortController>();
  readonly #settling = new Set<Promise<void>>();
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
    if (this.#closed) throw new Error('the server is stopping');
    const controller = new AbortController();
    const id = idOf(name, key);
    this.#running.set(id, controller);
    const running = run(key, attempt, AbortSignal.any([controller.signal, signal]));
    const settled = running.then(
      () => undefined,
      () => undefined,
    );
    this.#settling.add(settled);
    try {
      await running;
    } finally {
      this.#settling.delete(settled);
      this.#running.delete(id);
    }
  }

  async #cancel(name: string, key: string): Promise<void> {
    this.#running.get(idOf(name, key))?.abort(new Error('the job was cancelled'));
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
    for (const controller of this.#running.values()) controller.abort(new Error('the server is stopping'));
    await Promise.all(this.#settling);
    await this.#boss.stop({ graceful: true, timeout: STOP_TIMEOUT_MS });
  }
}

function idOf(name: string, key: string): string {
  return `${name}/${key}`;
}
