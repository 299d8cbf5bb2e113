/** When a track was published and not paused, and yet nothing of it was recorded; and why. */
import { type Span, subtract } from './spans.ts';
import type { Story, StoryTrack } from './story.ts';

export interface Gap extends Span {
  /** How the segment before it ended; `starting` before the first one. */
  readonly reason: string;
}

/** What nobody notices. */
const MIN_GAP_MS = 200;

export function findGaps({ published, paused, segments }: StoryTrack, { downtimes }: Story): Gap[] {
  const flows = segments.flatMap((segment) => segment.flows);
  // A track is published again after the server is back: what is between is the server's gap.
  const ofServer = downtimes.filter(
    (downtime) =>
      published.some(({ fromMs }) => fromMs < downtime.toMs) &&
      published.some(({ toMs }) => toMs > downtime.toMs),
  );
  return subtract(published, [...paused, ...flows, ...ofServer])
    .concat(ofServer)
    .filter(({ fromMs, toMs }) => toMs - fromMs >= MIN_GAP_MS)
    .toSorted((a, b) => a.fromMs - b.fromMs)
    .map((gap) => ({ ...gap, reason: reasonOf(gap, segments, ofServer) }));
}

function reasonOf(gap: Span, segments: StoryTrack['segments'], ofServer: readonly Span[]): string {
  if (ofServer.some(({ fromMs, toMs }) => fromMs === gap.fromMs && toMs === gap.toMs)) return 'server-down';
  const before = segments.findLast(({ flows }) => (flows[0]?.fromMs ?? 0) <= gap.fromMs);
  if (!before) return 'starting';
  const isWithin = before.flows.some(({ fromMs }) => fromMs > gap.fromMs);
  return isWithin ? 'no-media' : (before.endReason ?? 'unknown');
}
