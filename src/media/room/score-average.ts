/** The average of a score that is told whenever it changes, weighted by how long it was so. */

/** What can be added up over several tracks: the average is `scoreMs / ms`. */
export interface ScoreTime {
  readonly scoreMs: number;
  readonly ms: number;
}

export class ScoreAverage {
  #scoreMs = 0;
  #ms = 0;
  #current: { score: number; sinceMs: number } | undefined;

  /** From `nowMs` on the score is this; undefined while there is none to count. Times are of one monotonic clock. */
  note(score: number | undefined, nowMs: number): void {
    const { scoreMs, ms } = this.read(nowMs);
    this.#scoreMs = scoreMs;
    this.#ms = ms;
    this.#current = score === undefined ? undefined : { score, sinceMs: nowMs };
  }

  read(nowMs: number): ScoreTime {
    if (!this.#current) return { scoreMs: this.#scoreMs, ms: this.#ms };
    const elapsedMs = nowMs - this.#current.sinceMs;
    return { scoreMs: this.#scoreMs + this.#current.score * elapsedMs, ms: this.#ms + elapsedMs };
  }
}

/** Null when nothing was counted. */
export function averageOf(times: readonly ScoreTime[]): number | null {
  const ms = times.reduce((sum, time) => sum + time.ms, 0);
  return ms === 0 ? null : times.reduce((sum, time) => sum + time.scoreMs, 0) / ms;
}
