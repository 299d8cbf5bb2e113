/** The last thing that the timeline of a recording tells: whether it was ended, or cut off. */
import { join } from 'node:path';
import { readTimeline, type TimelineEntry } from './timeline.ts';

/** Undefined when nothing is there to be read. */
export async function lastWordOf(folder: string): Promise<TimelineEntry | undefined> {
  const entries = await readTimeline(join(folder, 'timeline.jsonl')).catch(() => []);
  return entries.at(-1);
}
