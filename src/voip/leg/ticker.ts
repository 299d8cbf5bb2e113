/** The clock of all legs: calls everyone once for each 20 ms that have passed, and knows how punctual it was. */
import type { Unsubscribe } from '../../lib/index.ts';
import { FRAME_MS } from './frame.ts';

/** After a longer standstill the time is gone: nobody wants to hear it in a burst. */
const MAX_CATCH_UP_FRAMES = 10;

export interface Punctuality {
  readonly ticks: number;
  /** Those that came more than a frame after their time. */
  readonly late: number;
}

export class Ticker {
  readonly #listeners = new Set<() => void>();
  readonly #onError: (error: unknown) => void;
  #timer: Timer | undefined;
  /** When the next tick is due, by `performance.now()`. */
  #dueAt = 0;
  #ticks = 0;
  #late = 0;

  constructor(onError: (error: unknown) => void) {
    this.#onError = onError;
  }

  get punctuality(): Punctuality {
    return { ticks: this.#ticks, late: this.#late };
  }

  /** It runs while anybody listens. One that throws hurts nobody else. */
  add(listener: () => void): Unsubscribe {
    const entry = () => listener();
    this.#listeners.add(entry);
    if (!this.#timer) {
      this.#dueAt = performance.now() + FRAME_MS;
      this.#schedule();
    }
    return () => {
      this.#listeners.delete(entry);
      if (this.#listeners.size > 0) return;
      clearTimeout(this.#timer);
      this.#timer = undefined;
    };
  }

  #schedule(): void {
    this.#timer = setTimeout(() => this.#run(), Math.max(0, this.#dueAt - performance.now()));
  }

  #run(): void {
    const now = performance.now();
    if (now - this.#dueAt > MAX_CATCH_UP_FRAMES * FRAME_MS) {
      this.#late += 1;
      this.#dueAt = now;
    }
    while (this.#dueAt <= now && this.#listeners.size > 0) {
      this.#ticks += 1;
      if (now - this.#dueAt > FRAME_MS) this.#late += 1;
      this.#dueAt += FRAME_MS;
      this.#tick();
    }
    if (this.#listeners.size > 0) this.#schedule();
  }

  #tick(): void {
    for (const listener of [...this.#listeners]) {
      try {
        listener();
      } catch (error) {
        this.#onError(error);
      }
    }
  }
}
