/** The media server: owns the worker pool and makes the rooms. */
import type { Listenable } from '../lib/index.ts';
import type { Logger } from '../observability/index.ts';
import { Room } from './room/room.ts';
import { WorkerPool, type WorkerPoolEvents, type WorkerPoolOptions } from './workers/index.ts';

export class MediaServer {
  readonly #pool: WorkerPool;
  readonly #logger: Logger;

  static async create(options: WorkerPoolOptions, logger: Logger): Promise<MediaServer> {
    return new MediaServer(await WorkerPool.create(options, logger), logger);
  }

  private constructor(pool: WorkerPool, logger: Logger) {
    this.#pool = pool;
    this.#logger = logger;
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

  /** Places a room on the least loaded worker. Rejects with `unavailable` while none runs. */
  createRoom(): Promise<Room> {
    return Room.create(this.#pool.pick(), this.#logger);
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
    return this.#pool.close();
  }
}
