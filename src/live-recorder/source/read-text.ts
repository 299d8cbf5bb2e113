/** The whole of something short that a stream names: a playlist, a key. */
import { AppError } from '../../lib/index.ts';

/** Rejects with `validation_error` when it is longer. */
export async function readAtMost(stream: ReadableStream<Uint8Array>, maxBytes: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stream) {
    size += chunk.byteLength;
    // Leaving the loop cancels the stream: the rest is not read.
    if (size > maxBytes) throw new AppError('validation_error', `It is longer than ${maxBytes} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
