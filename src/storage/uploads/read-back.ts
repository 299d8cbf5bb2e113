/** Whether what a storage gives back is what was sent: for storages that tell no checksum. */
import type { ByteRange } from '../provider.ts';
import type { SourceFile } from './source-file.ts';

const SAMPLE_BYTES = 256 * 1_024;

/** Compares the beginning, the middle and the end; their sizes are known to be the same. */
export async function readsBackAs(
  file: SourceFile,
  read: (range: ByteRange) => Promise<ReadableStream<Uint8Array>>,
): Promise<boolean> {
  if (file.size === 0) return true;
  const size = Math.min(SAMPLE_BYTES, file.size);
  for (const offset of [0, Math.floor((file.size - size) / 2), file.size - size]) {
    const there = await new Response(await read({ start: offset, end: offset + size - 1 })).bytes();
    if (!(await file.read({ offset, size })).equals(there)) return false;
  }
  return true;
}
