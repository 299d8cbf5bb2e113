/** The bytes of a file as an HTTP answer: whole or in part, from us or by a redirect to where they are. */
import { basename } from 'node:path';
import type { RecordingFileRow } from '../db/index.ts';
import { AppError } from '../lib/index.ts';
import type { StorageProvider } from '../storage/index.ts';
import { type ByteRange, readByteRange } from './byte-range.ts';
import { exactly } from './exactly.ts';

export interface FileRequest {
  readonly request: Request;
  readonly file: RecordingFileRow;
  /** The provider that it was stored with. */
  readonly storedIn: string | null;
  /** Whether the browser is to keep it, and not to show it. */
  readonly isDownload: boolean;
}

const URL_LIFETIME_SECONDS = 600;

export async function fileResponse(
  storage: StorageProvider,
  { request, file, storedIn, isDownload }: FileRequest,
): Promise<Response> {
  const { key, name, size, type, sha256 } = file;
  const url = await storage.signedUrl(key, {
    expiresInSeconds: URL_LIFETIME_SECONDS,
    ...(isDownload && { downloadName: basename(name) }),
  });
  if (url !== undefined) {
    return new Response(null, { status: 302, headers: { location: url, 'cache-control': 'no-store' } });
  }
  const etag = `"${sha256}"`;
  const headers: Record<string, string> = {
    'accept-ranges': 'bytes',
    'cache-control': 'private, no-cache',
    'content-disposition': `${isDownload ? 'attachment' : 'inline'}; filename="${basename(name)}"`,
    'content-type': type,
    etag,
    'x-content-type-options': 'nosniff',
  };
  if (request.headers.get('if-none-match') === etag) return new Response(null, { status: 304, headers });
  // A range of what has changed meanwhile would not fit the rest.
  const condition = request.headers.get('if-range');
  const isSame = condition === null || condition === etag;
  const range = isSame ? readByteRange(request.headers.get('range'), size) : undefined;
  if (range === 'unsatisfiable') {
    return new Response(null, { status: 416, headers: { ...headers, 'content-range': `bytes */${size}` } });
  }
  const length = range ? range.end - range.start + 1 : size;
  const wanted = { key, size, range, request };
  const body =
    request.method === 'HEAD'
      ? null
      : await bodyOf(storage, wanted).catch((error: unknown) => {
          throw isMissing(error) && storedIn !== null && storedIn !== storage.name
            ? leftBehind(storedIn, storage.name)
            : error;
        });
  if (!range) return new Response(body, { headers: { ...headers, 'content-length': String(length) } });
  return new Response(body, {
    status: 206,
    headers: {
      ...headers,
      'content-length': String(length),
      'content-range': `bytes ${range.start}-${range.end}/${size}`,
    },
  });
}

interface Wanted extends Pick<RecordingFileRow, 'key' | 'size'> {
  readonly range: ByteRange | undefined;
  readonly request: Request;
}

/**
 * Bun sends a stream without its length, so that nobody sees how much is still to come: a file is given as a file. Of one that is
 * given whole Bun would answer a range by itself, also one that does not hold.
 */
async function bodyOf(
  storage: StorageProvider,
  { key, size, range, request }: Wanted,
): Promise<Blob | ReadableStream<Uint8Array>> {
  const { start, end } = range ?? { start: 0, end: size - 1 };
  if (storage.pathOf && (range || !request.headers.has('range'))) {
    const file = Bun.file(await storage.pathOf(key));
    if (file.size === size) return file.slice(start, end + 1);
  }
  return exactly(end + 1 - start, await storage.get(key, range));
}

function isMissing(error: unknown): boolean {
  return error instanceof AppError && error.code === 'not_found';
}

/** Another provider does not take along what is in the old one. */
function leftBehind(then: string, now: string): AppError {
  return new AppError(
    'not_found',
    `This file was stored with the provider ${then}, and is not in that of now, ${now}: it has to be moved.`,
  );
}
