/** Refuses keys that are no plain relative path: what is left can be put below any folder or prefix. */
import { AppError } from '../lib/index.ts';

const MAX_LENGTH = 512;
/** What file systems take as one name, with room to spare. */
const MAX_PART_LENGTH = 200;
/** Nothing that a file system, a URL or a shell reads in a way of its own. */
const PART = /^[A-Za-z0-9_@-][A-Za-z0-9_.@-]*$/;

/** Gives the key back. Throws `validation_error`. */
export function checkKey(key: string): string {
  const isPlain = key.length <= MAX_LENGTH && key.split('/').every(isPlainPart);
  if (isPlain) return key;
  throw new AppError('validation_error', 'This is no key of a stored object.');
}

/** The same for the beginning of keys: it may be empty, and may end with a slash. */
export function checkPrefix(prefix: string): string {
  if (prefix !== '') checkKey(prefix.endsWith('/') ? prefix.slice(0, -1) : prefix);
  return prefix;
}

function isPlainPart(part: string): boolean {
  return part.length <= MAX_PART_LENGTH && PART.test(part);
}
