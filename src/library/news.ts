/** What happens to recordings, for those who watch: the row has changed, here is the new one. */
import { Emitter, type Listenable, type Unsubscribe } from '../lib/index.ts';
import type { RecordingResource } from './model.ts';

interface NewsEvents extends Record<string, unknown> {
  changed: RecordingResource;
}

export class RecordingNews {
  readonly #emitter = new Emitter<NewsEvents>();

  get events(): Listenable<NewsEvents> {
    return this.#emitter;
  }

  tell(recording: RecordingResource): void {
    this.#emitter.emit('changed', recording);
  }

  /** Of one recording alone. */
  watch(id: string, listener: (recording: RecordingResource) => void): Unsubscribe {
    return this.#emitter.on('changed', (recording) => {
      if (recording.id === id) listener(recording);
    });
  }
}
