/** What happens to recordings, for those who watch: the row has changed, here is the new one. */
import { Emitter, type Listenable, type Unsubscribe } from '../lib/index.ts';
import type { RecordingResource } from './model.ts';

interface NewsEvents extends Record<string, unknown> {
  changed: RecordingResource;
  /** Its id: nothing is left of it. */
  removed: string;
}

export interface RecordingWatcher {
  readonly changed: (recording: RecordingResource) => void;
  readonly removed: () => void;
}

export class RecordingNews {
  readonly #emitter = new Emitter<NewsEvents>();

  get events(): Listenable<NewsEvents> {
    return this.#emitter;
  }

  tell(recording: RecordingResource): void {
    this.#emitter.emit('changed', recording);
  }

  tellRemoved(id: string): void {
    this.#emitter.emit('removed', id);
  }

  /** Of one recording alone. */
  watch(id: string, { changed, removed }: RecordingWatcher): Unsubscribe {
    const stops = [
      this.#emitter.on('changed', (recording) => {
        if (recording.id === id) changed(recording);
      }),
      this.#emitter.on('removed', (removedId) => {
        if (removedId === id) removed();
      }),
    ];
    return () => {
      for (const stop of stops) stop();
    };
  }
}
