/** How often the making and storing of a recording is tried again: with pauses that grow, for as long as it may take. */

const FIRST_PAUSE_SECONDS = 2;
const LONGEST_PAUSE_SECONDS = 300;

export interface Retries {
  readonly retryLimit: number;
  /** Seconds before the first one; later ones wait twice as long each, up to `retryDelayMax`. */
  readonly retryDelay: number;
  readonly retryDelayMax: number;
}

/** At least one; so many that their pauses together take about `forMs`. */
export function retriesFor(forMs: number): Retries {
  let retryLimit = 0;
  let pause = FIRST_PAUSE_SECONDS;
  for (let left = forMs / 1_000; left > 0; left -= pause) {
    if (retryLimit > 0) pause = Math.min(2 * pause, LONGEST_PAUSE_SECONDS);
    retryLimit += 1;
  }
  return { retryLimit, retryDelay: FIRST_PAUSE_SECONDS, retryDelayMax: LONGEST_PAUSE_SECONDS };
}
