/** Where each segment of a recording belongs in time, from its timeline alone. */
import type { TimelineEntry } from '../capture/index.ts';
import { type ClockFit, type ClockPoint, fitClock } from './clock-fit.ts';
import { type Dated, toWallTime } from './wall-time.ts';

export interface PlacedSegment {
  /** The name of its file. */
  readonly segment: string;
  readonly trackId: string;
  readonly mimeType: string;
  readonly clock: ClockFit;
  /** Milliseconds since 1970: the first packet. */
  readonly startMs: number;
  /** What ended it; undefined when nobody was left to write that down. */
  readonly endReason: string | undefined;
  /** Milliseconds since 1970: when that was written down. */
  readonly endedMs: number | undefined;
}

type Entry<T extends TimelineEntry['type']> = Extract<TimelineEntry, { type: T }>;

interface Gathered {
  readonly opened: Entry<'segment-opened'>;
  readonly openedMs: number;
  began?: { readonly rtpTimestamp: number; readonly wallMs: number };
  ended?: { readonly reason: string; readonly wallMs: number };
  readonly reports: Entry<'sender-report'>[];
}

/** In the order of their beginning. */
export function placeSegments(entries: readonly TimelineEntry[]): PlacedSegment[] {
  return placeDated(toWallTime(entries));
}

/** The same, of entries that have their moments already. */
export function placeDated(entries: readonly Dated[]): PlacedSegment[] {
  return [...gather(entries).values()].map(place).toSorted((a, b) => a.startMs - b.startMs);
}

function gather(entries: readonly Dated[]): Map<string, Gathered> {
  const segments = new Map<string, Gathered>();
  for (const { entry, wallMs } of entries) {
    if (entry.type === 'segment-opened') {
      segments.set(entry.segment, { opened: entry, openedMs: wallMs, reports: [] });
    } else if (entry.type === 'segment-began') {
      const segment = segments.get(entry.segment);
      if (segment) segment.began = { rtpTimestamp: entry.rtpTimestamp, wallMs };
    } else if (entry.type === 'segment-ended') {
      const segment = segments.get(entry.segment);
      if (segment) segment.ended = { reason: entry.reason, wallMs };
    } else if (entry.type === 'sender-report') segments.get(entry.segment)?.reports.push(entry);
  }
  return segments;
}

/** A kill may come between the first packet and the line that tells of it: then it is placed by its opening. */
function place({ opened, openedMs, began, reports, ended }: Gathered): PlacedSegment {
  const { segment, trackId, mimeType, clockRate } = opened;
  const points = began ? toPoints(reports, { first: began.rtpTimestamp, clockRate }) : [];
  const clock = fitClock(points, began?.wallMs ?? openedMs);
  return {
    segment,
    trackId,
    mimeType,
    clock,
    startMs: clock(0),
    endReason: ended?.reason,
    endedMs: ended?.wallMs,
  };
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
