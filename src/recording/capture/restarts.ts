/** How fast what fails is tried again: at once the first time, then slower and slower, until it has lived for a while. */

export interface RestartsOptions {
  readonly onDue: () => void;
  /** It failed so many times in a row that somebody should know. */
  readonly onHopeless: () => void;
  /** It has lived for a while, after it was hopeless. */
  readonly onSteady: () => void;
}

const FIRST_DELAY_MS = 250;
const MAX_DELAY_MS = 5_000;
const HOPELESS_AFTER = 3;
/** What lives for so long is not counted with what failed before. */
const STEADY_MS = 10_000;

export class Restarts {
  readonly #options: RestartsOptions;
  #failures = 0;
  #due: Timer | undefined;
  #steady: Timer | undefined;
  #isClosed = false;

  constructor(options: RestartsOptions) {
    this.#options = options;
  }

  /** It works, from now on. */
  noteSuccess(): void {
    if (this.#failures === 0 || this.#isClosed) return;
    clearTimeout(this.#steady);
    this.#steady = setTimeout(() => {
      if (this.#failures >= HOPELESS_AFTER) this.#options.onSteady();
      this.#failures = 0;
    }, STEADY_MS);
  }

  /** It failed: says `onDue` when it should be tried again. */
  noteFailure(): void {
    if (this.#isClosed) return;
    clearTimeout(this.#steady);
    clearTimeout(this.#due);
    const delayMs =
      this.#failures === 0 ? 0 : Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * 2 ** (this.#failures - 1));
    this.#failures += 1;
    if (this.#failures === HOPELESS_AFTER) this.#options.onHopeless();
    this.#due = setTimeout(this.#options.onDue, delayMs);
  }

  /** Nothing is due any more. Twice is no error. */
  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#due);
    clearTimeout(this.#steady);
  }
}
