/** Lets out together what may wait a moment: one timer for all sockets, which runs only while something waits. */

/**
 * How long an event may wait, in milliseconds. Who joins a call and publishes says three things to everybody in it, and
 * a write to a socket costs more than all the rest of saying them.
 */
const INTERVAL_MS = 10;

export interface Waiting {
  flush(): void;
}

export class Rounds {
  #waiting = new Set<Waiting>();
  #timer: Timer | undefined;

  /** Flushes it with the next round; to be asked for again after that. */
  expect(waiting: Waiting): void {
    this.#waiting.add(waiting);
    this.#timer ??= setTimeout(() => this.#goRound(), INTERVAL_MS);
  }

  /** What waits still goes out. Twice is no error. */
  close(): void {
    this.#goRound();
  }

  #goRound(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const waiting = this.#waiting;
    this.#waiting = new Set();
    for (const one of waiting) one.flush();
  }
}
