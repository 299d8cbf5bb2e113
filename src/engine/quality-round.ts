/** Looks at everyone's media in a call every few seconds, and tells those whose media is bad. */
import type { Participant } from './participant.ts';
import { QualityWatch } from './quality-watch.ts';

const INTERVAL_MS = 2_500;

export class QualityRound {
  readonly #participants: () => Iterable<Participant>;
  readonly #watches = new WeakMap<Participant, QualityWatch>();
  readonly #timer: Timer;
  #isLooking = false;

  constructor(participants: () => Iterable<Participant>) {
    this.#participants = participants;
    this.#timer = setInterval(() => this.#look(), INTERVAL_MS);
  }

  close(): void {
    clearInterval(this.#timer);
  }

  /** A worker that hangs answers late: rounds do not pile up behind it. */
  #look(): void {
    if (this.#isLooking) return;
    this.#isLooking = true;
    const looks = [...this.#participants()].map((participant) => this.#lookAt(participant));
    Promise.allSettled(looks).finally(() => {
      this.#isLooking = false;
    });
  }

  async #lookAt(participant: Participant): Promise<void> {
    const watch = this.#watches.get(participant) ?? new QualityWatch();
    this.#watches.set(participant, watch);
    const stats = await participant.stats();
    for (const data of watch.note(stats, performance.now()))
      participant.tell({ type: 'quality-warning', data });
  }
}
