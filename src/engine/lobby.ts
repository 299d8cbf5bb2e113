/** Who waits outside of a call until a moderator lets them in. */
import { Emitter, type Listenable } from '../lib/index.ts';
import type { LobbyGuest } from '../protocol/index.ts';

/** How waiting ended: let in, turned away, or the guest or the call went away first. */
export type LobbyOutcome = 'admitted' | 'refused' | 'gone';

interface LobbyEvents extends Record<string, unknown> {
  /** Everyone who waits now. */
  changed: LobbyGuest[];
}

interface Waiting {
  readonly guest: LobbyGuest;
  readonly settle: (outcome: LobbyOutcome) => void;
}

export class Lobby {
  readonly #waiting = new Map<string, Waiting>();
  readonly #emitter = new Emitter<LobbyEvents>();

  get events(): Listenable<LobbyEvents> {
    return this.#emitter;
  }

  get guests(): LobbyGuest[] {
    return [...this.#waiting.values()].map(({ guest }) => guest);
  }

  /** Resolves when the waiting has ended; never rejects. One user waits once: an earlier wait is `gone`. */
  wait(guest: LobbyGuest): Promise<LobbyOutcome> {
    this.settle(guest.userId, 'gone');
    return new Promise((resolve) => {
      this.#waiting.set(guest.userId, { guest, settle: resolve });
      this.#changed();
    });
  }

  /** False when nobody of that name waits. */
  settle(userId: string, outcome: LobbyOutcome): boolean {
    const waiting = this.#waiting.get(userId);
    if (!waiting) return false;
    this.#waiting.delete(userId);
    waiting.settle(outcome);
    this.#changed();
    return true;
  }

  /** Nobody is let in any more. */
  close(): void {
    this.#emitter.removeAll();
    for (const userId of [...this.#waiting.keys()]) this.settle(userId, 'gone');
  }

  #changed(): void {
    this.#emitter.emit('changed', this.guests);
  }
}
