/** Names of the files of single tracks, from what users are called: safe on every file system, and no two the same. */
import type { RecordingPlan } from '../plan.ts';
import type { StoryTrack } from './story.ts';

const MAX_LENGTH = 64;

/** In the order of the tracks; `tracks/track-<userId>-<source>-<n>.<extension>`. */
export function nameTracks(tracks: readonly StoryTrack[], format: RecordingPlan['format']): string[] {
  const counts = new Map<string, number>();
  return tracks.map(({ userId, source, kind }) => {
    const base = `track-${tidy(userId)}-${tidy(source)}`;
    // Case does not tell files apart everywhere.
    const key = base.toLowerCase();
    const count = (counts.get(key) ?? 0) + 1;
    counts.set(key, count);
    return `tracks/${base}-${count}.${kind === 'audio' && format === 'mp4' ? 'm4a' : format}`;
  });
}

function tidy(text: string): string {
  return text.replace(/[^A-Za-z0-9_-]/g, '_').slice(0, MAX_LENGTH);
}
