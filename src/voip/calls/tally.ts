/** Counts what becomes of phone calls, since the server started. */
import type { PhoneCallRow } from '../../db/index.ts';

export class PhoneTally {
  #begun = 0;
  #notTaken = 0;
  #completed = 0;
  #failed = 0;
  #talkedSeconds = 0;

  get numbers() {
    return {
      begun: this.#begun,
      notTaken: this.#notTaken,
      completed: this.#completed,
      failed: this.#failed,
      talkedSeconds: this.#talkedSeconds,
    };
  }

  /** It is about to be dialled. */
  countBegun(): void {
    this.#begun += 1;
  }

  /** The provider did not take it, or the server could not carry it; its end is counted too. */
  countNotTaken(): void {
    this.#notTaken += 1;
  }

  countEnded({ status, duration }: Pick<PhoneCallRow, 'status' | 'duration'>): void {
    if (status === 'failed') this.#failed += 1;
    else this.#completed += 1;
    this.#talkedSeconds += duration;
  }
}
