/** Where each segment of a recording belongs in time, from its timeline alone. */
import type { TimelineEntry } from '../capture/index.ts';
import { type ClockFit, type ClockPoint, fitClock } from './clock-fit.ts';

export interface PlacedSegment {
  /** The name of its file. */
  readonly segment: string;
  readonly trackId: string;
  readonly mimeType: string;
  readonly clock: ClockFit;
  /** Milliseconds since 1970: the first packet. */
  readonly startMs: number;
}

type Entry<T extends TimelineEntry['type']> = Extract<TimelineEntry, { type: T }>;

interface Gathered {
  readonly opened: Entry<'segment-opened'>;
  began?: { readonly rtpTimestamp: number; readonly wallMs: number };
  readonly reports: Entry<'sender-report'>[];
}

/** In the order of their beginning. A segment into which nothing came is left out. */
export function placeSegments(entries: readonly TimelineEntry[]): PlacedSegment[] {
  return [...gather(entries).values()].flatMap(place).toSorted((a, b) => a.startMs - b.startMs);
}

function gather(entries: readonly TimelineEntry[]): Map<string, Gathered> {
  const segments = new Map<string, Gathered>();
  // The wall at which the monotonic milliseconds of this run of the server are zero.
  let anchorMs = 0;
  for (const entry of entries) {
    if (entry.type === 'anchor') anchorMs = entry.wallMs - entry.atMs;
    else if (entry.type === 'segment-opened') segments.set(entry.segment, { opened: entry, reports: [] });
    else if (entry.type === 'segment-began') {
      const segment = segments.get(entry.segment);
      if (segment) segment.began = { rtpTimestamp: entry.rtpTimestamp, wallMs: anchorMs + entry.atMs };
    } else if (entry.type === 'sender-report') segments.get(entry.segment)?.reports.push(entry);
  }
  return segments;
}

function place({ opened, began, reports }: Gathered): PlacedSegment[] {
  if (!began) return [];
  const { segment, trackId, mimeType, clockRate } = opened;
  const clock = fitClock(toPoints(reports, { first: began.rtpTimestamp, clockRate }), began.wallMs);
  return [{ segment, trackId, mimeType, clock, startMs: clock(0) }];
}

/** RTP time starts anywhere and wraps at 32 bits (RFC 3550, section 5.1): each report is taken as the nearest to the one before. */
function toPoints(
  reports: readonly Entry<'sender-report'>[],
  { first, clockRate }: { readonly first: number; readonly clockRate: number },
): ClockPoint[] {
  let previous = first;
  let ticks = 0;
  return reports.map(({ rtpTimestamp, wallMs }) => {
    // As a signed difference.
    ticks += (rtpTimestamp - previous) | 0;
    previous = rtpTimestamp;
    return { mediaSeconds: ticks / clockRate, wallMs };
  });
}
