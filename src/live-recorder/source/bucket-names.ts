/** Whose a name in the bucket is, and what a playlist there means by one. */
import { AppError } from '../../lib/index.ts';
import { BUCKET } from './bytes-ref.ts';

/** As packagers call the playlist to begin with; the first that is there is it. */
const PLAYLIST_NAMES = ['master', 'index', 'playlist', 'stream', 'live', 'main'];

/** In the folder of the stream, or beside it with its key and a number, as nginx-rtmp writes them. */
export function belongsToStream(key: string, streamKey: string): boolean {
  if (key.startsWith(`${streamKey}/`)) return true;
  const rest = key.startsWith(streamKey) ? key.slice(streamKey.length) : '/';
  return /^([-_]?\d+)?\.[a-z0-9]+$/i.test(rest);
}

/** The lower, the more it is the playlist that leads to all others. */
export function rankPlaylist(key: string, streamKey: string): number {
  const depth = key.split('/').length;
  const name = (key.split('/').at(-1) ?? '').replace(/\.m3u8?$/i, '').toLowerCase();
  const known = [...PLAYLIST_NAMES, streamKey.toLowerCase()].indexOf(name);
  return depth * 100 + (known === -1 ? PLAYLIST_NAMES.length + 1 : known);
}

/**
 * A name in the playlist at `from`. Throws `validation_error` when it leads out of what belongs to the stream: nothing of another
 * one gets into its recording.
 */
export function resolveInBucket(
  uri: string,
  { from, streamKey }: { readonly from: string; readonly streamKey: string },
): string {
  if (/^https?:\/\//i.test(uri) && URL.canParse(uri)) return new URL(uri).href;
  if (/^[a-z][a-z0-9+.-]*:/i.test(uri) || uri.startsWith('//') || uri.includes('\\')) throw leadsOut();
  const [path = ''] = uri.split(/[?#]/);
  const parts = path.startsWith('/') ? [] : from.split('/').slice(0, -1);
  for (const part of decode(path).split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined) throw leadsOut();
  }
  const key = parts.join('/');
  if (!belongsToStream(key, streamKey)) throw leadsOut();
  return `${BUCKET}${key}`;
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

function leadsOut(): AppError {
  return new AppError('validation_error', 'A name in the playlist leads out of the folder of its stream.');
}
