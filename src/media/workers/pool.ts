/** Keeps a fixed number of media workers alive. */
import { Emitter, type Listenable, UndoStack } from '../../lib/index.ts';
import { type Logger, runInBackground } from '../../observability/index.ts';
import { MediaWorker, type MediaWorkerOptions } from './worker.ts';

export interface WorkerPoolOptions extends Omit<MediaWorkerOptions, 'port'> {
  /** Number of processes. */
  readonly size: number;
  /** Port of the first worker; worker n listens on `port + n`. 0 takes free ones. */
  readonly port: number;
}

export interface WorkerPoolEvents extends Record<string, unknown> {
  /** A worker runs in the place of one that died. */
  workerReplaced: undefined;
}

/** A worker that dies at once, again and again, is started no faster than this. */
const RESPAWN_DELAY_MS = 1_000;

export class WorkerPool {
  readonly #options: WorkerPoolOptions;
  readonly #logger: Logger;
  /** By index, which decides the port; a place is empty while its worker is being replaced. */
  readonly #workers: (MediaWorker | undefined)[];
  readonly #emitter = new Emitter<WorkerPoolEvents>();
  readonly #respawns = new Set<Timer>();
  #isClosed = false;

  /** Starts all workers, or none: what already runs is ended when one fails. */
  static async create(options: WorkerPoolOptions, logger: Logger): Promise<WorkerPool> {
    const undo = new UndoStack();
    try {
      const workers: MediaWorker[] = [];
      for (let index = 0; index < options.size; index += 1) {
        const worker = await MediaWorker.create(optionsOf(options, index), logger);
        workers.push(undo.add(worker, (made) => made.close()));
      }
      return new WorkerPool(options, workers, logger);
    } catch (error) {
      await undo.unwind();
      throw error;
    }
  }

  private constructor(options: WorkerPoolOptions, workers: MediaWorker[], logger: Logger) {
    this.#options = options;
    this.#logger = logger;
    this.#workers = workers;
    for (const [index, worker] of workers.entries()) this.#replaceOnDeath(worker, index);
  }

  get events(): Listenable<WorkerPoolEvents> {
    return this.#emitter;
  }

  /** Those that live now. */
  get workers(): readonly MediaWorker[] {
    return this.#workers.filter((worker): worker is MediaWorker => worker?.isClosed === false);
  }

  get isComplete(): boolean {
    return this.workers.length === this.#options.size;
  }

  /** Ends every worker. Resolves when the processes are gone. Twice is no error. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const timer of this.#respawns) clearTimeout(timer);
    this.#respawns.clear();
    this.#emitter.removeAll();
    await Promise.all(this.workers.map((worker) => worker.close()));
  }

  #replaceOnDeath(worker: MediaWorker, index: number): void {
    worker.events.on('died', () => {
      this.#workers[index] = undefined;
      runInBackground(this.#respawn(index), 'replacing a media worker', this.#logger);
    });
  }

  async #respawn(index: number): Promise<void> {
    if (this.#isClosed) return;
    try {
      const worker = await MediaWorker.create(optionsOf(this.#options, index), this.#logger);
      if (this.#isClosed) return await worker.close();
      this.#workers[index] = worker;
      this.#replaceOnDeath(worker, index);
      this.#logger.info({ workerPid: worker.pid }, 'media worker replaced');
      this.#emitter.emit('workerReplaced', undefined);
    } catch (error) {
      this.#logger.error({ err: error }, 'media worker could not be replaced, trying again');
      this.#respawnLater(index);
    }
  }

  #respawnLater(index: number): void {
    const timer = setTimeout(() => {
      this.#respawns.delete(timer);
      runInBackground(this.#respawn(index), 'replacing a media worker', this.#logger);
    }, RESPAWN_DELAY_MS);
    this.#respawns.add(timer);
  }
}

function optionsOf(options: WorkerPoolOptions, index: number): MediaWorkerOptions {
  return { ...options, port: options.port === 0 ? 0 : options.port + index };
}
