/** How long each user was heard, told by who was heard in each short while. */

export class TalkTime {
  /** In milliseconds. */
  readonly #spoken = new Map<string, number>();

  heard(userIds: readonly string[], forMs: number): void {
    // One who has two microphones speaks once.
    for (const userId of new Set(userIds)) this.#spoken.set(userId, this.read(userId) + forMs);
  }

  /** In whole milliseconds. */
  read(userId: string): number {
    return this.#spoken.get(userId) ?? 0;
  }

  /** Forgets what this user has spoken until now. */
  forget(userId: string): void {
    this.#spoken.delete(userId);
  }
}
