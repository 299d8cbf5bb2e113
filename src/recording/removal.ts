/** Deletes a recording, in an order that can be taken up again wherever it was cut off: the row goes last. */
import type { Queue } from '../jobs/index.ts';
import type { RecordingRepository } from '../library/index.ts';
import type { StorageProvider } from '../storage/index.ts';
import type { CallRecorder } from './call-recorder.ts';
import type { RecordingFolders } from './folders.ts';
import { keyPrefixOf } from './keys.ts';

export interface RemovalDeps {
  readonly repository: RecordingRepository;
  readonly recorder: Pick<CallRecorder, 'abandon'>;
  readonly queue: Queue;
  readonly folders: RecordingFolders;
  readonly storage: StorageProvider;
}

export class Removal {
  readonly #deps: RemovalDeps;

  constructor(deps: RemovalDeps) {
    this.#deps = deps;
  }

  /** Ends what is done with it first. Resolves when nothing of it is left. Twice is no error. */
  async remove(id: string): Promise<void> {
    const { repository, recorder, queue, folders, storage } = this.#deps;
    const row = await repository.findRow(id);
    await repository.markDeleted(id);
    await recorder.abandon(id);
    await queue.cancel(id);
    await folders.remove(id);
    // Without a row it had none any more: that one goes last.
    if (row) await storage.deleteAll(keyPrefixOf(row));
    await repository.remove(id);
  }
}
