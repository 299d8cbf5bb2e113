/** Rings once at a moment, however far away: a timer of JavaScript that is set too far ahead fires at once. */

/** The longest delay that a timer takes, 24.8 days. */
const MAX_TIMER_MS = 2_147_483_647;

export class Alarm {
  readonly #ring: () => void;
  #timer: Timer | undefined;

  /** `ring` must not throw. */
  constructor(ring: () => void) {
    this.#ring = ring;
  }

  /** Rings at `at`, soon if that is past, and never before this returns. Replaces an earlier moment. */
  set(at: Date): void {
    clearTimeout(this.#timer);
    const msLeft = Math.max(0, at.getTime() - Date.now());
    this.#timer = setTimeout(
      () => {
        // A long way is gone in several steps; and timers are known to fire a moment early.
        if (Date.now() < at.getTime()) this.set(at);
        else this.#ring();
      },
      Math.min(msLeft, MAX_TIMER_MS),
    );
  }

  /** Twice is no error. */
  cancel(): void {
    clearTimeout(this.#timer);
  }
}
