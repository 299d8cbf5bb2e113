/** The two clocks that end a call by themselves: nobody is in it any more, or it has lived long enough. */
import type { CallEndReason } from '../protocol/index.ts';

export interface CallTimersOptions {
  readonly emptyTimeoutMs: number;
  readonly maxDurationMs: number;
  readonly startedAt: Date;
}

/** The longest delay that a timer of JavaScript takes; a longer one would fire at once. */
const MAX_TIMER_MS = 2_147_483_647;

export class CallTimers {
  readonly #options: CallTimersOptions;
  readonly #end: (reason: CallEndReason) => void;
  readonly #maxDuration: Timer;
  #empty: Timer | undefined;

  constructor(options: CallTimersOptions, end: (reason: CallEndReason) => void) {
    this.#options = options;
    this.#end = end;
    const msLeft = options.startedAt.getTime() + options.maxDurationMs - Date.now();
    this.#maxDuration = setTimeout(() => end('max-duration'), Math.min(Math.max(msLeft, 0), MAX_TIMER_MS));
  }

  callIsEmpty(): void {
    clearTimeout(this.#empty);
    this.#empty = setTimeout(() => this.#end('empty'), this.#options.emptyTimeoutMs);
  }

  callIsInhabited(): void {
    clearTimeout(this.#empty);
  }

  close(): void {
    clearTimeout(this.#empty);
    clearTimeout(this.#maxDuration);
  }
}
