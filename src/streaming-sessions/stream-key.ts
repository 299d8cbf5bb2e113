/** The key that lets a source in: made once, told to its creator, and kept only as a hash. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

const KEY_BYTES = 32;

/** 256 bits of chance, fit for a URL. */
export function newStreamKey(): string {
  return randomBytes(KEY_BYTES).toString('base64url');
}

/** Hex. A plain hash is enough: nobody can guess such a key. */
export function hashStreamKey(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}

export function isStreamKey(key: string, hash: string): boolean {
  const given = Buffer.from(hashStreamKey(key));
  const known = Buffer.from(hash);
  return given.length === known.length && timingSafeEqual(given, known);
}
