/** Where the recording of a stream is stored: under the key of the stream, and never in the place of another one. */
import type { LiveStreamRow } from '../db/index.ts';
import type { StorageProvider } from '../storage/index.ts';
import type { LiveStreamRepository } from './repository.ts';

/** The key, the same each time that it is asked for. Something that lies there and is not ours keeps its place. */
export async function reserveObjectKey(
  { streamId, streamKey, objectKey }: LiveStreamRow,
  { repository, storage }: { readonly repository: LiveStreamRepository; readonly storage: StorageProvider },
): Promise<string> {
  if (objectKey !== null) return objectKey;
  for (let number = 1; ; number += 1) {
    const key = number === 1 ? `${streamKey}.mp4` : `${streamKey}-${number}.mp4`;
    if (await storage.head(key)) continue;
    if (await repository.reserveKey(streamId, key)) return key;
  }
}
