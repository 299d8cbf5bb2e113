/** The bytes of an open file as a stream: read only as they are taken, and the file is closed at the end or when the reader leaves. */
import type { FileHandle } from 'node:fs/promises';
import type { ByteRange } from '../provider.ts';

const CHUNK_BYTES = 256 * 1_024;

/** Owns the handle from here on. */
export function readFile(file: FileHandle, { start, end }: ByteRange): ReadableStream<Uint8Array> {
  let position = start;
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const wanted = Math.min(CHUNK_BYTES, end + 1 - position);
          const { bytesRead, buffer } = await file.read(new Uint8Array(wanted), 0, wanted, position);
          if (bytesRead > 0) controller.enqueue(buffer.subarray(0, bytesRead));
          position += bytesRead;
          if (bytesRead > 0 && position <= end) return;
          await file.close();
          controller.close();
        } catch (error) {
          await file.close().catch(() => {});
          throw error;
        }
      },
      cancel: () => file.close(),
    },
    { highWaterMark: 0 },
  );
}
