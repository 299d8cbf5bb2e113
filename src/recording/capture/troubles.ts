/** What a capture cannot do now, although it should, and tries again and again: each told once when it begins and once when it is over. */
import { Emitter, type Listenable } from '../../lib/index.ts';

/** There is no space; the timeline cannot be written for another reason; a track has no reader that lives. */
export type TroubleReason = 'disk-full' | 'timeline-not-written' | 'track-not-captured';

export interface Trouble {
  readonly reason: TroubleReason;
  /** Of `track-not-captured`. */
  readonly trackId?: string;
  /** For the log: what was complained of. */
  readonly message: string;
}

interface TroublesEvents extends Record<string, unknown> {
  began: Trouble;
  ended: Trouble;
}

export class Troubles {
  readonly #emitter = new Emitter<TroublesEvents>();
  /** By reason and track. */
  readonly #current = new Map<string, Trouble>();

  get events(): Listenable<TroublesEvents> {
    return this.#emitter;
  }

  /** Those of now. */
  get current(): Trouble[] {
    return [...this.#current.values()];
  }

  /** One that is there already is not told again. */
  begin(trouble: Trouble): void {
    const key = keyOf(trouble.reason, trouble.trackId);
    if (this.#current.has(key)) return;
    this.#current.set(key, trouble);
    this.#emitter.emit('began', trouble);
  }

  /** One that is not there is no error. */
  end(reason: TroubleReason, trackId?: string): void {
    const key = keyOf(reason, trackId);
    const trouble = this.#current.get(key);
    if (!trouble) return;
    this.#current.delete(key);
    this.#emitter.emit('ended', trouble);
  }
}

function keyOf(reason: TroubleReason, trackId = ''): string {
  return `${reason} ${trackId}`;
}
