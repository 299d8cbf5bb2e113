/** Writes down how far something is, but not each step: the last one that was told, now and then, and in order. */
import { SerialQueue } from '../lib/index.ts';
import type { Logger } from '../observability/index.ts';

const INTERVAL_MS = 500;

export class ProgressNotes {
  readonly #write: (phase: string, progress: number) => Promise<void>;
  readonly #logger: Logger;
  readonly #queue = new SerialQueue();
  readonly #timer: Timer;
  #latest: { readonly phase: string; readonly progress: number } | undefined;
  #phase = '';

  constructor(write: (phase: string, progress: number) => Promise<void>, logger: Logger) {
    this.#write = write;
    this.#logger = logger;
    this.#timer = setInterval(() => this.#flush(), INTERVAL_MS);
  }

  take(phase: string, progress: number): void {
    const isNewPhase = phase !== this.#phase;
    this.#phase = phase;
    this.#latest = { phase, progress: Math.min(1, Math.max(0, progress)) };
    if (isNewPhase) this.#flush();
  }

  /** Resolves when nothing is being written any more. Twice is no error. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    this.#latest = undefined;
    await this.#queue.close();
  }

  #flush(): void {
    const latest = this.#latest;
    if (!latest || this.#queue.pending > 0) return;
    this.#latest = undefined;
    this.#queue
      .run(() => this.#write(latest.phase, latest.progress))
      .catch((error: unknown) => this.#logger.debug({ err: error }, 'progress could not be written down'));
  }
}
