/** Who speaks in a room that is spread over several routers: of those who are dominant on theirs, the one who became it last. */
import { Emitter, type Listenable, type Unsubscribe } from '../../lib/index.ts';
import type { Speakers, SpeakersEvents } from './speakers.ts';

/** Who speaks on one router, as far as it matters here. */
type Part = Pick<Speakers, 'events' | 'current'>;

export class MergedSpeakers {
  /** In the order in which they last named somebody. */
  readonly #parts = new Map<Part, Unsubscribe>();
  readonly #emitter = new Emitter<SpeakersEvents>();
  #current: string | null = null;

  get events(): Listenable<SpeakersEvents> {
    return this.#emitter;
  }

  get current(): string | null {
    return this.#current;
  }

  add(part: Part): void {
    const stopHearing = part.events.on('heard', (voices) => this.#emitter.emit('heard', voices));
    const stopFollowing = part.events.on('changed', (userId) => {
      if (userId !== null) {
        this.#parts.delete(part);
        this.#parts.set(part, stop);
      }
      this.#update();
    });
    const stop = () => {
      stopHearing();
      stopFollowing();
    };
    this.#parts.set(part, stop);
    this.#update();
  }

  /** Twice is no error. */
  remove(part: Part): void {
    this.#parts.get(part)?.();
    this.#parts.delete(part);
    this.#update();
  }

  close(): void {
    this.#emitter.removeAll();
    for (const stop of this.#parts.values()) stop();
    this.#parts.clear();
  }

  #update(): void {
    const speaker = [...this.#parts.keys()].findLast(({ current }) => current !== null)?.current ?? null;
    if (speaker === this.#current) return;
    this.#current = speaker;
    this.#emitter.emit('changed', speaker);
  }
}
