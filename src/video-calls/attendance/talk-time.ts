/** How long each user has spoken, told by who speaks now. Times are of one monotonic clock, in milliseconds. */

export class TalkTime {
  readonly #spoken = new Map<string, number>();
  #speaker: string | null = null;
  #sinceMs = 0;

  /** From `nowMs` on this user speaks, or nobody. */
  speakerChanged(userId: string | null, nowMs: number): void {
    this.#count(nowMs);
    this.#speaker = userId;
  }

  /** In whole milliseconds. */
  read(userId: string, nowMs: number): number {
    this.#count(nowMs);
    return Math.round(this.#spoken.get(userId) ?? 0);
  }

  /** Forgets what this user has spoken until now. */
  forget(userId: string, nowMs: number): void {
    this.#count(nowMs);
    this.#spoken.delete(userId);
    if (this.#speaker === userId) this.#speaker = null;
  }

  #count(nowMs: number): void {
    if (this.#speaker !== null) {
      this.#spoken.set(this.#speaker, (this.#spoken.get(this.#speaker) ?? 0) + nowMs - this.#sinceMs);
    }
    this.#sinceMs = nowMs;
  }
}
