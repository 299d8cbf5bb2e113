/** What is asked of the timeline of a recording that does not run: whether it was ended, or cut off, and whether anything came. */
import { join } from 'node:path';
import { readTimeline, type TimelineEntry } from './timeline.ts';

/** Undefined when nothing is there to be read. */
export async function lastWordOf(folder: string): Promise<TimelineEntry | undefined> {
  const entries = await readTimeline(join(folder, 'timeline.jsonl')).catch(() => []);
  return entries.at(-1);
}

/** Whether a packet of any track ever came. */
export async function hasMedia(folder: string): Promise<boolean> {
  const entries = await readTimeline(join(folder, 'timeline.jsonl')).catch(() => []);
  return entries.some(({ type }) => type === 'segment-began');
}
