/** When the server offers: as soon as there is something new, one attempt after another, again where no worker was there. */
import { AppError } from '../../../lib/index.ts';
import { type Logger, runInBackground } from '../../../observability/index.ts';
import type { ServerOffer } from './subscribe-connection.ts';

export interface OfferingOptions {
  /** The next offer, when there is something new and none is out. Rejects with `unavailable`. */
  readonly next: () => Promise<ServerOffer | undefined>;
  readonly send: (offer: ServerOffer) => void;
  readonly logger: Logger;
}

/** How long a failed attempt to offer rests before the next, in milliseconds. */
const RETRY_MS = 1_000;

export class Offering {
  readonly #options: OfferingOptions;
  #hasBegun = false;
  #retry: Timer | undefined;
  #isClosed = false;

  constructor(options: OfferingOptions) {
    this.#options = options;
  }

  /** Nothing is offered before. */
  begin(): void {
    this.#hasBegun = true;
    this.soon();
  }

  /** There may be something new. */
  soon(): void {
    if (!this.#hasBegun || this.#isClosed) return;
    clearTimeout(this.#retry);
    runInBackground(this.#now(), 'offering to a client', this.#options.logger);
  }

  /** Twice is no error. */
  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#retry);
  }

  async #now(): Promise<void> {
    try {
      const offer = await this.#options.next();
      if (offer && !this.#isClosed) this.#options.send(offer);
    } catch (error) {
      if (this.#isClosed) return;
      // What nobody foresaw is not tried again and again: the next change does that.
      if (!(error instanceof AppError && error.code === 'unavailable')) throw error;
      this.#retry = setTimeout(() => this.soon(), RETRY_MS);
    }
  }
}
