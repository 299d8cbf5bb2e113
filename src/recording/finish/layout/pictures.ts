/** When each track of video has a picture, and from which segment. */
import { contains, type Span } from '../spans.ts';
import type { StoryTrack } from '../story.ts';

export interface Picture extends Span {
  readonly userId: string;
  readonly trackId: string;
  readonly isScreen: boolean;
  readonly segment: string;
}

/** A gap that is shorter does not send a picture off: its last frame stays. */
const BRIDGED_MS = 1_000;
/** Where the segments of a track have something to show. */
export function picturesOf({ userId, trackId, source, segments }: StoryTrack): Picture[] {
  const pictures: Picture[] = [];
  const flows = segments.flatMap(({ name, flows: spans }) =>
    spans.map((span) => ({ ...span, segment: name })),
  );
  for (const flow of flows.toSorted((a, b) => a.fromMs - b.fromMs)) {
    const last = pictures.at(-1);
    if (last && flow.fromMs - last.toMs < BRIDGED_MS)
      pictures[pictures.length - 1] = { ...last, toMs: flow.fromMs };
    pictures.push({ ...flow, userId, trackId, isScreen: source === 'screen' });
  }
  return pictures;
}

/** One a track: the end of one segment may reach into the next. */
export function currentOf(pictures: readonly Picture[], atMs: number): Picture[] {
  const current = pictures.filter((picture) => contains(picture, atMs));
  return current.filter(
    ({ trackId }, index) => current.findLastIndex((other) => other.trackId === trackId) === index,
  );
}
