/**
 * Notices when the client of a connection is gone, for those that have no other line to it: nothing comes from it any more, no media,
 * no report, no ICE check. Consent (RFC 7675) alone would not do: libnice sends none. It owns its timers, not the transport.
 */
import type { ClientTransport } from './transport.ts';

export interface WatchTimes {
  /** How long a client may take to connect, in milliseconds. */
  readonly connectMs: number;
  /** How long it may be silent. Keepalives of ICE come every 25 s at the latest. */
  readonly silentMs: number;
  /** How often somebody listens. */
  readonly intervalMs: number;
}

/** A client that vanishes is given up within 45 s, by all together. */
export const WATCH_TIMES: WatchTimes = { connectMs: 30_000, silentMs: 33_000, intervalMs: 4_000 };

export class ConnectionWatch {
  readonly #transport: ClientTransport;
  readonly #times: WatchTimes;
  readonly #onGone: () => void;
  readonly #connecting: Timer;
  #listening: Timer | undefined;
  #received = 0;
  #heardAt: number | undefined;
  #isOver = false;

  /** `onGone` is called at most once, and not after `close()`. */
  constructor(transport: ClientTransport, times: WatchTimes, onGone: () => void) {
    this.#transport = transport;
    this.#times = times;
    this.#onGone = onGone;
    this.#connecting = setTimeout(() => this.#end(), times.connectMs);
    transport.onPeerChanged(() => this.#look());
    this.#look();
  }

  /** When anything last came, as far as is known, by `performance.now()`; undefined until the client is connected. */
  get heardAt(): number | undefined {
    return this.#heardAt;
  }

  /** Looks whether anything came since somebody last did. Never rejects. */
  async listen(): Promise<void> {
    if (this.#heardAt === undefined) return;
    await this.#listen(this.#heardAt);
  }

  /** Twice is no error. */
  close(): void {
    this.#isOver = true;
    clearTimeout(this.#connecting);
    clearInterval(this.#listening);
  }

  #look(): void {
    if (this.#isOver) return;
    const { peerState } = this.#transport;
    if (peerState === 'over') this.#end();
    if (peerState !== 'connected' || this.#listening) return;
    clearTimeout(this.#connecting);
    this.#heardAt = performance.now();
    this.#listening = setInterval(() => void this.listen(), this.#times.intervalMs);
  }

  /** Never rejects: a count that cannot be had is as one that has not grown. */
  async #listen(heardAt: number): Promise<void> {
    const { received } = await this.#transport.countBytes();
    if (this.#isOver) return;
    const now = performance.now();
    if (received > this.#received) {
      this.#received = received;
      this.#heardAt = now;
    } else if (now - heardAt > this.#times.silentMs) {
      this.#end();
    }
  }

  #end(): void {
    if (this.#isOver) return;
    this.close();
    this.#onGone();
  }
}
