/** What is the same behind every provider: how ranges are read, how pages are cut, what is told of what is not there. */
import { AppError } from '../lib/index.ts';
import { checkPrefix } from './key.ts';
import type { ByteRange, StorageProvider } from './provider.ts';

const MAX_PAGE = 1_000;

export function notFound(): AppError {
  return new AppError('not_found', 'There is no such file any more.');
}

/** The part of the range that is there. Throws `validation_error` when it begins behind the end. */
export function clipRange({ start, end }: ByteRange, size: number): ByteRange {
  if (start < size) return { start, end: Math.min(end, size - 1) };
  throw outOfRange();
}

/** Throws `validation_error` for a range that is none. */
export function checkRange({ start, end }: ByteRange): void {
  if (!Number.isSafeInteger(start) || !Number.isSafeInteger(end) || start < 0 || end < start)
    throw outOfRange();
}

export function outOfRange(): AppError {
  return new AppError('validation_error', 'There are no bytes at this range of the file.');
}

export function pageSize(limit = MAX_PAGE): number {
  return Math.max(1, Math.min(limit, MAX_PAGE));
}

/** Deletes all objects of the prefix. Throws `validation_error` for the prefix of everything. */
export async function deleteListed(storage: StorageProvider, prefix: string): Promise<void> {
  if (checkPrefix(prefix) === '')
    throw new AppError('validation_error', 'Not everything is deleted at once.');
  let cursor: string | undefined;
  do {
    const page = await storage.list(prefix, cursor === undefined ? {} : { cursor });
    for (const { key } of page.objects) await storage.delete(key);
    cursor = page.cursor;
  } while (cursor !== undefined);
}

/** Has a browser keep the bytes under this name (RFC 6266). */
export function attachment(name: string): string {
  const plain = name.replace(/[^\x20-\x7e]|["\\%]/g, '_');
  const encoded = encodeURIComponent(name.toWellFormed()).replace(/['()*]/g, percentEncode);
  return `attachment; filename="${plain}"; filename*=UTF-8''${encoded}`;
}

function percentEncode(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}
