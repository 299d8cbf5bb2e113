/** Spares a provider that is down, and those who would wait for it: after several failures in a row nobody asks it for a while. */

export interface CircuitOptions {
  /** In a row, until it opens. */
  readonly failures: number;
  /** How long it stays open, in milliseconds; then one may try. */
  readonly openMs: number;
  /** Default: the clock. */
  readonly now?: () => number;
}

export class Circuit {
  readonly #options: CircuitOptions;
  readonly #now: () => number;
  #failures = 0;
  #openUntil = 0;

  constructor(options: CircuitOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => performance.now());
  }

  get isOpen(): boolean {
    return this.#now() < this.#openUntil;
  }

  succeeded(): void {
    this.#failures = 0;
    this.#openUntil = 0;
  }

  /** After it was open, a single one opens it again. */
  failed(): void {
    this.#failures += 1;
    if (this.#failures >= this.#options.failures) this.#openUntil = this.#now() + this.#options.openMs;
  }
}
