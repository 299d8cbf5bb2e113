/** Watches the end of the token behind a session: warns once ahead of it, and says when it is there. */
import { Alarm } from '../lib/index.ts';

/** How long before its end a client is told, so that it can get another token; in milliseconds. */
const WARNING_MS = 60_000;

export interface ExpiryWatchOptions {
  /** At most once for each token; at the start when less than a minute is left. */
  readonly onExpiring: (expiresAt: Date) => void;
  readonly onExpired: () => void;
}

export class ExpiryWatch {
  readonly #options: ExpiryWatchOptions;
  readonly #alarm = new Alarm(() => this.#ring());
  #expiresAt: Date;
  #isWarned = false;

  constructor(expiresAt: Date, options: ExpiryWatchOptions) {
    this.#options = options;
    this.#expiresAt = expiresAt;
    this.renew(expiresAt);
  }

  /** Another token took the place of the last one. */
  renew(expiresAt: Date): void {
    this.#expiresAt = expiresAt;
    this.#isWarned = false;
    this.#alarm.set(new Date(expiresAt.getTime() - WARNING_MS));
  }

  /** Twice is no error. */
  close(): void {
    this.#alarm.cancel();
  }

  #ring(): void {
    if (this.#isWarned) {
      this.#options.onExpired();
      return;
    }
    this.#isWarned = true;
    this.#alarm.set(this.#expiresAt);
    this.#options.onExpiring(this.#expiresAt);
  }
}
