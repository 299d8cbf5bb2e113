/** The router on which the transports of one endpoint live: claimed when it is first needed, and anew after it was lost. */
import type { Unsubscribe } from '../../lib/index.ts';
import type { Home } from '../room/home.ts';
import { closedError, lostError } from './sdp/errors.ts';

export interface ClaimedHomeOptions {
  /** Rejects with `unavailable`. */
  readonly claim: () => Promise<Home>;
  /** The worker died. By then it is forgotten, and the next claim gives another one. */
  readonly onLost: () => void;
}

export class ClaimedHome {
  readonly #options: ClaimedHomeOptions;
  #home: Home | undefined;
  #last: Home | undefined;
  #forget: Unsubscribe = () => {};
  #isLeft = false;

  constructor(options: ClaimedHomeOptions) {
    this.#options = options;
  }

  /** Whether the last one is lost. */
  get isLost(): boolean {
    return this.#last?.isLost ?? false;
  }

  /** The one that was claimed, or a new one. Rejects with `unavailable`, and with `invalid_state` once it was left. */
  async claim(): Promise<Home> {
    if (this.#home) return this.#home;
    const home = await this.#options.claim();
    if (this.#isLeft) throw closedError();
    if (home.isLost) throw lostError();
    this.#home = home;
    this.#last = home;
    this.#forget = home.events.on('lost', () => {
      this.#home = undefined;
      this.#options.onLost();
    });
    return home;
  }

  /** `onLost` is not called any more. Twice is no error. */
  leave(): void {
    this.#isLeft = true;
    this.#forget();
  }
}
