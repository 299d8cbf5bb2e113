/** A recording in words and numbers for people. */
import type { Recording, RecordingFile } from '../../client/index.ts';
import { formatElapsed } from '../shared/elapsed.ts';
import { texts } from '../texts.ts';

const DAY_AND_TIME = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });
const UNITS = ['kB', 'MB', 'GB', 'TB'] as const;
const PLAYABLE: ReadonlySet<string> = new Set(['composed', 'audio', 'track']);

export function nameOf({ name, roomId }: Recording): string {
  return name || roomId || texts.library.unnamed;
}

/** When, how long and how large, as far as that is known: of a live stream while it is recorded too. */
export function factsOf({ kind, startedAt, durationSeconds, size, status }: Recording): string[] {
  const facts = [DAY_AND_TIME.format(startedAt)];
  const isKnown = status === 'completed' || (kind === 'live' && size > 0);
  if (!isKnown) return facts;
  return [...facts, formatElapsed(durationSeconds * 1_000), formatSize(size)];
}

/** `812 B`, `48 MB`, `1.2 GB`: three digits at most say enough. */
export function formatSize(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  let value = bytes / 1_000;
  let unit = 0;
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1_000;
    unit += 1;
  }
  return `${value < 9.95 ? value.toFixed(1) : Math.round(value)} ${UNITS[unit]}`;
}

/** What can be played: the composed one alone where there is one, else all tracks. */
export function playableFiles({ files }: Recording): readonly RecordingFile[] {
  const playable = files.filter(({ kind }) => PLAYABLE.has(kind));
  const composed = playable.filter(({ kind }) => kind === 'composed');
  return composed.length > 0 ? composed : playable;
}

/** Of the middle: the first one is often a room that is still empty. */
export function thumbnailOf({ files }: Recording): RecordingFile | undefined {
  const thumbnails = files.filter(({ kind }) => kind === 'thumbnail');
  return thumbnails[Math.floor(thumbnails.length / 2)];
}

export function isUnfinished({ status }: Recording): boolean {
  return status === 'recording' || status === 'processing';
}
