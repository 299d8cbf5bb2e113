/** The routers of one room. It has one until its worker is full, then another on the next worker, and a new one for each that is lost. */
import { AppError, Emitter, type Listenable, SerialQueue } from '../../lib/index.ts';
import { type MediaWorker, place, type WorkerPoolEvents } from '../workers/index.ts';
import { Home } from './home.ts';

/** Where the living workers are found. */
export interface WorkerSource {
  readonly workers: readonly MediaWorker[];
  readonly events: Listenable<WorkerPoolEvents>;
}

export interface RouterSetOptions {
  /** Streams that a worker sends before a room grows onto another one. */
  readonly workerCapacity: number;
}

interface RouterSetEvents extends Record<string, unknown> {
  opened: Home;
  /** Its worker died. */
  lost: Home;
}

/** A dead worker is replaced in a fraction of a second; this long somebody waits for it. */
const WORKER_PATIENCE_MS = 10_000;

export class RouterSet {
  readonly #source: WorkerSource;
  readonly #options: RouterSetOptions;
  readonly #homes = new Map<MediaWorker, Home>();
  readonly #emitter = new Emitter<RouterSetEvents>();
  /** One at a time: two who come together share the router that the first one needs. */
  readonly #queue = new SerialQueue();
  readonly #closing = Promise.withResolvers<void>();
  #isClosed = false;

  constructor(source: WorkerSource, options: RouterSetOptions) {
    this.#source = source;
    this.#options = options;
  }

  get events(): Listenable<RouterSetEvents> {
    return this.#emitter;
  }

  get homes(): Home[] {
    return [...this.#homes.values()];
  }

  /** A home for one endpoint more. Rejects with `unavailable` when no worker lives, after waiting for one. */
  claim(): Promise<Home> {
    return this.#queue.run(async () => {
      const deadline = performance.now() + WORKER_PATIENCE_MS;
      for (;;) {
        if (this.#isClosed) throw new AppError('call_ended', 'The call has ended.');
        const placement = place([...this.#homes.keys()], this.#source.workers, this.#options.workerCapacity);
        if (!placement) await this.#workerReplaced(deadline);
        else if (placement.isKnown) return this.#homes.get(placement.worker) as Home;
        else {
          const home = await this.#open(placement.worker);
          if (home) return home;
        }
      }
    });
  }

  /** Twice is no error. */
  close(): void {
    this.#isClosed = true;
    this.#closing.resolve();
    this.#emitter.removeAll();
    for (const home of this.#homes.values()) home.close();
    this.#homes.clear();
  }

  /** Undefined when the worker died meanwhile. */
  async #open(worker: MediaWorker): Promise<Home | undefined> {
    const home = await Home.create(worker).catch((error: unknown) => {
      if (worker.isClosed) return undefined;
      throw error;
    });
    if (!home || home.isLost) return undefined;
    if (this.#isClosed) {
      home.close();
      throw new AppError('call_ended', 'The call has ended.');
    }
    this.#homes.set(worker, home);
    home.events.on('lost', () => {
      this.#homes.delete(worker);
      this.#emitter.emit('lost', home);
    });
    this.#emitter.emit('opened', home);
    return home;
  }

  async #workerReplaced(deadline: number): Promise<void> {
    const isThere = Promise.withResolvers<void>();
    const stop = this.#source.events.on('workerReplaced', () => isThere.resolve());
    const timer = setTimeout(() => isThere.reject(noWorker()), Math.max(0, deadline - performance.now()));
    try {
      await Promise.race([isThere.promise, this.#closing.promise]);
    } finally {
      clearTimeout(timer);
      stop();
    }
  }
}

function noWorker(): AppError {
  return new AppError('unavailable', 'No media worker is running at the moment.', 'server', {
    retryAfterSeconds: 2,
  });
}
