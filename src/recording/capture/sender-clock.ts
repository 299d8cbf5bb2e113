/** Whether the clock of a sender goes on as it did. What comes after a jump cannot be placed by what was before it. */

/** Which moment of the track it was when. */
export interface ClockReading {
  /** By `performance.now()`. */
  readonly atMs: number;
  readonly rtpTimestamp: number;
}

/** More than any network holds up a packet. */
const MAX_ERROR_SECONDS = 1;
/** Clocks that run at another rate than they say have been seen; beyond this it was a jump. */
const MAX_RATE = 20;

export class SenderClock {
  readonly #clockRate: number;
  #last: ClockReading | undefined;
  /** Seconds of the track for each of ours; unknown at first. */
  #rate: number | undefined;

  constructor(clockRate: number) {
    this.#clockRate = clockRate;
  }

  /** Takes a reading; false when the clock has jumped since the one before. */
  goesOnWith(reading: ClockReading): boolean {
    const last = this.#last;
    this.#last = reading;
    if (!last) return true;
    const seconds = (reading.atMs - last.atMs) / 1_000;
    // As a signed difference: RTP time wraps at 32 bits.
    const moved = ((reading.rtpTimestamp - last.rtpTimestamp) | 0) / this.#clockRate;
    const isOnTime = Math.abs(moved - seconds) <= MAX_ERROR_SECONDS;
    const expected = seconds * (this.#rate ?? 1);
    const isSteady =
      this.#rate === undefined
        ? moved > 0 && moved <= seconds * MAX_RATE
        : Math.abs(moved - expected) <= Math.abs(expected) / 2;
    this.#rate = isOnTime ? 1 : moved / seconds;
    return isOnTime || isSteady;
  }
}
