/** Asks a worker again and again whether it is there; one that does not answer in time is called silent, once. */

export interface HeartbeatOptions {
  /** Pause between an answer and the next question, in milliseconds. */
  readonly intervalMs: number;
  /** How long an answer may take, in milliseconds. */
  readonly timeoutMs: number;
}

/**
 * The time to answer is waited for in so many slices. A process that was stopped or busy itself sees one slice end late
 * and then reads the answer that had come meanwhile, instead of blaming the worker for its own delay.
 */
const SLICES = 8;

export class Heartbeat {
  readonly #ask: () => Promise<unknown>;
  readonly #options: HeartbeatOptions;
  readonly #onSilent: () => void;
  #timer: Timer | undefined;
  #isClosed = false;

  /** Begins at once. A question that is refused counts as answered: somebody is there. */
  constructor(ask: () => Promise<unknown>, options: HeartbeatOptions, onSilent: () => void) {
    this.#ask = ask;
    this.#options = options;
    this.#onSilent = onSilent;
    this.#beatLater();
  }

  /** Twice is no error. */
  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
  }

  #beatLater(): void {
    if (this.#isClosed) return;
    this.#timer = setTimeout(() => this.#beat(), this.#options.intervalMs);
  }

  #beat(): void {
    this.#wait(SLICES);
    const answered = () => {
      clearTimeout(this.#timer);
      this.#beatLater();
    };
    this.#ask().then(answered, answered);
  }

  #wait(slices: number): void {
    this.#timer = setTimeout(() => {
      if (slices > 1) return this.#wait(slices - 1);
      this.close();
      this.#onSilent();
    }, this.#options.timeoutMs / SLICES);
  }
}
