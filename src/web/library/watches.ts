/** Keeps a list of recordings up to date: a few that are not finished by their events, all of it by looking again. */
import type { Recording, RecordingLibrary } from '../../client/index.ts';
import { isUnfinished } from './describe.ts';

/** A browser opens six connections to a server, and the page needs some for itself. */
const MAX_WATCHES = 3;
const LOOK_INTERVAL_MS = 15_000;

export interface WatchesOptions {
  readonly library: RecordingLibrary;
  readonly changed: (recording: Recording) => void;
  /** Something may have changed that is not watched. */
  readonly look: () => void;
}

export class Watches {
  readonly #options: WatchesOptions;
  readonly #stops = new Map<string, () => void>();
  readonly #timer: ReturnType<typeof setInterval>;
  readonly #lookWhenSeen = () => {
    if (document.visibilityState === 'visible') this.#options.look();
  };

  constructor(options: WatchesOptions) {
    this.#options = options;
    this.#timer = setInterval(this.#lookWhenSeen, LOOK_INTERVAL_MS);
    document.addEventListener('visibilitychange', this.#lookWhenSeen);
  }

  /** To be called after each change of the list. */
  follow(recordings: readonly Recording[]): void {
    const wanted = new Set(
      recordings
        .filter(isUnfinished)
        .slice(0, MAX_WATCHES)
        .map(({ id }) => id),
    );
    for (const [id, stop] of this.#stops) {
      if (wanted.has(id)) continue;
      this.#stops.delete(id);
      stop();
    }
    for (const id of wanted) if (!this.#stops.has(id)) this.#stops.set(id, this.#watch(id));
  }

  /** Twice is no error. */
  close(): void {
    clearInterval(this.#timer);
    document.removeEventListener('visibilitychange', this.#lookWhenSeen);
    this.follow([]);
  }

  #watch(id: string): () => void {
    const { library, changed, look } = this.#options;
    return library.watch(id, { changed, ended: look });
  }
}
