/** Notices when the client of a connection is gone, for those that have no other line to it. It owns the timer, not the transport. */
import type { ClientTransport } from './transport.ts';

export interface WatchTimes {
  /** How long a client may take to connect, in milliseconds. */
  readonly connectMs: number;
  /** How long one that answers no checks any more may take to come back, in milliseconds; the worker noticed after 30 s. */
  readonly awayMs: number;
}

/** Together with the worker's 30 s a client that vanishes is given up within 45 s. */
export const WATCH_TIMES: WatchTimes = { connectMs: 30_000, awayMs: 8_000 };

export class ConnectionWatch {
  readonly #transport: ClientTransport;
  readonly #times: WatchTimes;
  readonly #onGone: () => void;
  #timer: Timer | undefined;
  #isOver = false;

  /** `onGone` is called at most once, and not after `close()`. */
  constructor(transport: ClientTransport, times: WatchTimes, onGone: () => void) {
    this.#transport = transport;
    this.#times = times;
    this.#onGone = onGone;
    this.#timer = setTimeout(() => this.#end(), times.connectMs);
    transport.onPeerChanged(() => this.#look());
    this.#look();
  }

  /** Twice is no error. */
  close(): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
  }

  #look(): void {
    if (this.#isOver) return;
    switch (this.#transport.peerState) {
      case 'connected':
        clearTimeout(this.#timer);
        this.#timer = undefined;
        return;
      case 'away':
        this.#timer ??= setTimeout(() => this.#end(), this.#times.awayMs);
        return;
      case 'over':
        this.#end();
        return;
      case 'connecting':
    }
  }

  #end(): void {
    if (this.#isOver) return;
    this.close();
    this.#onGone();
  }
}
