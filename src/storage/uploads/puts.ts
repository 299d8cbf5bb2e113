/** Files on their way to a storage elsewhere: of each key one at a time, in the order of asking. */
import { KeyedQueue } from '../../lib/index.ts';
import { checkKey } from '../key.ts';
import type { StoredObject } from '../provider.ts';
import { SourceFile } from './source-file.ts';

export class Puts {
  readonly #queue = new KeyedQueue<string>();

  /** Opens the file for `send`. Rejects for a key that is none, as the file system does, or with the reason of the signal. */
  async run(
    { key, path, signal }: { key: string; path: string; signal: AbortSignal | undefined },
    send: (file: SourceFile) => Promise<StoredObject>,
  ): Promise<StoredObject> {
    checkKey(key);
    return this.#queue.run(key, async () => {
      signal?.throwIfAborted();
      const file = await SourceFile.open(path);
      try {
        return await send(file);
      } finally {
        await file.close();
      }
    });
  }

  /** Something else with a key, after what is being put there. */
  after<T>(key: string, task: () => Promise<T>): Promise<T> {
    return this.#queue.run(key, task);
  }

  /** Resolves when nothing is on its way. */
  idle(): Promise<void> {
    return this.#queue.idle();
  }
}
