/** What the workers cost, asked for every few seconds, so that it can be told at once. */
import type { Logger } from '../../observability/index.ts';
import { residentMemory } from './resident-memory.ts';
import type { MediaWorker } from './worker.ts';

export interface WorkerLoad {
  readonly pid: number;
  /** Processor cores that it kept busy lately, 1 being one of them; null while a new worker was not measured yet. */
  readonly cpu: number | null;
  /** Resident memory; null as above, and on systems that do not tell. */
  readonly memoryBytes: number | null;
  readonly routers: number;
  readonly consumers: number;
}

interface Reading {
  readonly atMs: number;
  readonly cpuMs: number;
  readonly cpu: number;
  readonly memoryBytes: number | null;
}

interface Workers {
  readonly workers: readonly MediaWorker[];
}

const INTERVAL_MS = 5_000;

export class LoadMeter {
  readonly #pool: Workers;
  readonly #logger: Logger;
  readonly #readings = new WeakMap<MediaWorker, Reading>();
  /** Who has not answered yet: one that hangs is not asked again and again. */
  readonly #asked = new Set<MediaWorker>();
  readonly #timer: Timer;

  /** Resolves when every worker was measured once, from its start until now. Never rejects. */
  static async create(pool: Workers, logger: Logger): Promise<LoadMeter> {
    const meter = new LoadMeter(pool, logger);
    await meter.#measureAll();
    return meter;
  }

  private constructor(pool: Workers, logger: Logger) {
    this.#pool = pool;
    this.#logger = logger;
    this.#timer = setInterval(() => void this.#measureAll(), INTERVAL_MS);
  }

  /** Of the workers that live now. */
  get loads(): WorkerLoad[] {
    return this.#pool.workers.map((worker) => {
      const reading = this.#readings.get(worker);
      return {
        pid: worker.pid,
        cpu: reading?.cpu ?? null,
        memoryBytes: reading?.memoryBytes ?? null,
        routers: worker.routerCount,
        consumers: worker.consumerCount,
      };
    });
  }

  /** Twice is no error. */
  close(): void {
    clearInterval(this.#timer);
  }

  /** Never rejects. */
  async #measureAll(): Promise<void> {
    const free = this.#pool.workers.filter((worker) => !this.#asked.has(worker));
    await Promise.all(free.map((worker) => this.#measure(worker)));
  }

  async #measure(worker: MediaWorker): Promise<void> {
    this.#asked.add(worker);
    try {
      const [cpuMs, memoryBytes] = await Promise.all([worker.cpuMs(), residentMemory(worker.pid)]);
      const atMs = performance.now();
      const last = this.#readings.get(worker) ?? { atMs: worker.startedAtMs, cpuMs: 0 };
      const cpu = (cpuMs - last.cpuMs) / Math.max(atMs - last.atMs, 1);
      this.#readings.set(worker, { atMs, cpuMs, cpu, memoryBytes });
    } catch (error) {
      this.#logger.debug({ err: error, workerPid: worker.pid }, 'a media worker did not tell what it costs');
    } finally {
      this.#asked.delete(worker);
    }
  }
}
