/** What goes out of one socket, in order: answers and words at once, other events together with what follows them. */
import type { Link } from './link.ts';
import type { Rounds } from './rounds.ts';

export interface OutboxOptions {
  readonly link: Link;
  /** When what may wait leaves at the latest. */
  readonly rounds: Rounds;
  /** Bytes that may wait for a client which does not read. */
  readonly maxUnsentBytes: number;
  readonly onOverflow: () => void;
}

export class Outbox {
  readonly #options: OutboxOptions;
  #waiting: string[] = [];

  constructor(options: OutboxOptions) {
    this.#options = options;
  }

  /** Sends it within a moment, and never after what comes later. */
  sendSoon(text: string): void {
    this.#waiting.push(text);
    if (this.#waiting.length === 1) this.#options.rounds.expect(this);
  }

  /** Sends what waits, and this after it. */
  send(text: string): void {
    this.#waiting.push(text);
    this.flush();
  }

  flush(): void {
    if (this.#waiting.length === 0) return;
    const texts = this.#waiting;
    this.#waiting = [];
    const { link, maxUnsentBytes, onOverflow } = this.#options;
    link.send(texts);
    if (link.unsentBytes > maxUnsentBytes) onOverflow();
  }

  /** The socket is gone, and with it what waited. */
  clear(): void {
    this.#waiting = [];
  }
}
