/** The media server: owns the worker pool and makes the rooms. */
import type { Listenable } from '../lib/index.ts';
import type { Logger } from '../observability/index.ts';
import { Room } from './room/room.ts';
import type { RouterSetOptions } from './room/router-set.ts';
import {
  LoadMeter,
  type WorkerLoad,
  WorkerPool,
  type WorkerPoolEvents,
  type WorkerPoolOptions,
} from './workers/index.ts';

export type MediaServerOptions = WorkerPoolOptions & RouterSetOptions;

export class MediaServer {
  readonly #pool: WorkerPool;
  readonly #options: RouterSetOptions;
  readonly #meter: LoadMeter;
  readonly #logger: Logger;

  static async create(options: MediaServerOptions, logger: Logger): Promise<MediaServer> {
    const pool = await WorkerPool.create(options, logger);
    return new MediaServer({ pool, options, meter: await LoadMeter.create(pool, logger), logger });
  }

  private constructor(parts: {
    pool: WorkerPool;
    options: RouterSetOptions;
    meter: LoadMeter;
    logger: Logger;
  }) {
    this.#pool = parts.pool;
    this.#options = parts.options;
    this.#meter = parts.meter;
    this.#logger = parts.logger;
  }

  get events(): Listenable<WorkerPoolEvents> {
    return this.#pool.events;
  }

  get workerPids(): number[] {
    return this.#pool.workers.map(({ pid }) => pid);
  }

  /** Whether every worker runs. */
  get isComplete(): boolean {
    return this.#pool.isComplete;
  }

  /** What each worker carries now, and what it cost lately. */
  get workerLoads(): WorkerLoad[] {
    return this.#meter.loads;
  }

  /** Places a room on the least loaded worker. Rejects with `unavailable` when none lives, after waiting for one. */
  createRoom(): Promise<Room> {
    return Room.create(this.#pool, this.#options, this.#logger);
  }

  /** What the workers themselves hold, summed up. */
  async dump(): Promise<{ routers: number; transports: number }> {
    const dumps = await Promise.all(this.#pool.workers.map((worker) => worker.dump()));
    return {
      routers: dumps.reduce((sum, dump) => sum + dump.routers, 0),
      transports: dumps.reduce((sum, dump) => sum + dump.transports, 0),
    };
  }

  /** Ends every worker, and with them all rooms. */
  close(): Promise<void> {
    this.#meter.close();
    return this.#pool.close();
  }
}
