/** Fetches one segment into a file: counted, decrypted and looked at, and only whole under its name. */
import { createDecipheriv, type Decipheriv } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { AppError } from '../../lib/index.ts';
import type { BytesRef } from '../source/bytes-ref.ts';
import type { SegmentSource } from '../source/source.ts';
import { type Container, containerOf, HEAD_BYTES, notMedia, readBoxes } from './segment-type.ts';

export interface FetchSegmentOptions {
  readonly ref: BytesRef;
  readonly source: SegmentSource;
  /** Where it is to be. */
  readonly path: string;
  readonly cipher: { readonly key: Uint8Array; readonly iv: Uint8Array } | undefined;
  readonly maxBytes: number;
  readonly signal: AbortSignal;
}

export interface FetchedSegment {
  readonly container: Container;
  /** Of the file. */
  readonly size: number;
  /** As they came, encrypted or not. */
  readonly fetchedBytes: number;
  /** Of the boxes of an MP4. */
  readonly boxes: readonly string[];
}

/**
 * Rejects with `validation_error` for what is no segment or too long, as the source does, with the reason of the signal, and as the
 * file system does. Nothing is left then.
 */
export async function fetchSegment(options: FetchSegmentOptions): Promise<FetchedSegment> {
  const { path } = options;
  const part = `${path}.part`;
  try {
    const written = await write(part, options);
    const boxes = written.container === 'mp4' ? await readBoxes(part) : [];
    await rename(part, path);
    return { ...written, boxes };
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
}

async function write(
  part: string,
  { ref, source, cipher, maxBytes, signal }: FetchSegmentOptions,
): Promise<Omit<FetchedSegment, 'boxes'>> {
  const { stream, size: announced } = await abortable(source.open(ref, signal), signal);
  if (announced !== undefined && announced > maxBytes) {
    await stream.cancel();
    throw tooLong(maxBytes);
  }
  const decipher = cipher && createDecipheriv('aes-128-cbc', cipher.key, cipher.iv);
  const file = await open(part, 'w');
  const reader = stream.getReader();
  let fetchedBytes = 0;
  let size = 0;
  let head = Buffer.alloc(0);
  let container: Container | undefined;
  const take = async (bytes: Uint8Array) => {
    if (container === undefined) {
      head = Buffer.concat([head, bytes]);
      if (head.length < HEAD_BYTES) return;
      container = containerOf(head);
      await file.write(head);
      size += head.length;
    } else {
      await file.write(bytes);
      size += bytes.length;
    }
  };
  try {
    for (;;) {
      const { done, value } = await abortable(reader.read(), signal);
      if (done) break;
      fetchedBytes += value.byteLength;
      if (fetchedBytes > maxBytes) throw tooLong(maxBytes);
      await take(decipher ? decipher.update(value) : value);
    }
    if (fetchedBytes === 0) throw notMedia('it is empty');
    if (announced !== undefined && fetchedBytes < announced) {
      throw new AppError('unavailable', 'It breaks off.', 'destination');
    }
    if (decipher) await take(finish(decipher));
    if (container === undefined) {
      container = containerOf(head);
      await file.write(head);
      size += head.length;
    }
    return { container, size, fetchedBytes };
  } catch (error) {
    // Not waited for: one that hangs may never say that it was given up.
    reader.cancel().catch(() => {});
    throw error;
  } finally {
    await file.close();
  }
}

/** The last block tells whether the key was the right one. */
function finish(decipher: Decipheriv): Buffer {
  try {
    return decipher.final();
  } catch (cause) {
    throw new AppError('validation_error', 'It cannot be decrypted with the key of the playlist.', 'caller', {
      cause,
    });
  }
}

/** Rejects with the reason of the signal, even when the source does not hear it. */
async function abortable<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  const aborted = Promise.withResolvers<never>();
  const abort = () => aborted.reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  work.catch(() => {});
  try {
    return await Promise.race([work, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

function tooLong(maxBytes: number): AppError {
  return new AppError(
    'validation_error',
    `This is no segment: it is longer than ${maxBytes} bytes (LIVE_MAX_SEGMENT_SIZE).`,
  );
}
