/** What happened in a recording, on its own clock: who was there, what was published, and what of it is in which segment. */
import type { Stretch } from '../../ffmpeg/index.ts';
import { type PlacedSegment, placeDated } from './placement.ts';
import { type Span, Spans } from './spans.ts';
import { mapTime, type TimePiece, toPieces } from './time-map.ts';
import type { Dated } from './wall-time.ts';

export interface StorySegment {
  /** The name of its file. */
  readonly name: string;
  /** From seconds of its file to seconds of the recording. */
  readonly clock: readonly TimePiece[];
  /** Where it has media, in order. */
  readonly flows: readonly Span[];
  /** Where in its file that is, in seconds. */
  readonly stretches: readonly Stretch[];
  /** What ended it; undefined when nobody was left to write that down. */
  readonly endReason: string | undefined;
}

export interface StoryTrack {
  readonly trackId: string;
  readonly userId: string;
  readonly kind: 'audio' | 'video';
  readonly source: string;
  readonly published: readonly Span[];
  readonly paused: readonly Span[];
  readonly segments: readonly StorySegment[];
}

export interface StoryParticipant {
  readonly userId: string;
  readonly name: string;
  readonly present: readonly Span[];
}

export interface Story {
  /** Milliseconds since 1970. */
  readonly startedAtMs: number;
  readonly durationMs: number;
  /** In the order of their coming. */
  readonly participants: readonly StoryParticipant[];
  readonly tracks: readonly StoryTrack[];
  readonly speakers: readonly { readonly atMs: number; readonly userId: string | null }[];
  /** When no server was there to record. */
  readonly downtimes: readonly Span[];
}

export interface StorySources {
  readonly entries: readonly Dated[];
  /** Milliseconds since 1970. */
  readonly startedAtMs: number;
  /** What is in each segment, by its name; what cannot be read is not there. */
  readonly contents: ReadonlyMap<string, readonly Stretch[]>;
  /** From the first packet to the last, of all or of one: what was before and after is not told. */
  readonly trimmedTo?: { readonly userId: string | undefined } | undefined;
}

/** The last packet of a stretch is worth about this much. */
const PACKET_SECONDS = { audio: 0.02, video: 0.033 } as const;
/** From the decision to record until somebody does. */
const MAX_WAIT_MS = 3_600_000;
/** Players do not play nothing. */
const MIN_DURATION_MS = 100;
/** Reports come more often than this: media that claims to be from later lies about its time. */
const MAX_UNTOLD_MS = 60_000;
/** How far the clock of a sender may be ahead of the end of its segment. */
const MAX_LEAD_MS = 1_000;

export function tellStory({ entries, startedAtMs, contents, trimmedTo }: StorySources): Story {
  const first = entries[0]?.wallMs ?? 0;
  // A clock that was set in between makes a start that is after the beginning, or long before it.
  const isPlausible = startedAtMs <= first && first - startedAtMs < MAX_WAIT_MS;
  const start = isPlausible ? startedAtMs : first;
  const placed = placeDated(entries);
  const kinds = new Map(
    entries.flatMap(({ entry }) =>
      entry.type === 'track-added' ? [[entry.trackId, entry.kind] as const] : [],
    ),
  );
  const segmentsFrom = (startMs: number) =>
    placed.flatMap((segment) => {
      const stretches = contents.get(segment.segment) ?? [];
      const kind = kinds.get(segment.trackId);
      if (stretches.length === 0 || !kind) return [];
      const told = toStorySegment(segment, { stretches, kind, start: startMs });
      return told.flows.length > 0 ? [{ trackId: segment.trackId, ...told }] : [];
    });
  const segments = segmentsFrom(start);
  const flows = segments.flatMap((segment) => segment.flows);
  const own = trimmedTo ? flowsOf(trimmedTo.userId, { entries, segments }) : [];
  const end = findEnd(entries, { start, lastMediaMs: start + lastOf(flows) });
  const whole = { start, end, segments };
  const told = own.length > 0 ? trim(whole, own, segmentsFrom) : whole;
  return {
    ...gather(entries, told),
    startedAtMs: told.start,
    durationMs: told.end - told.start,
  };
}

interface Extent {
  readonly start: number;
  readonly end: number;
  readonly segments: readonly TrackSegment[];
}

function trim(
  { start, end }: Extent,
  flows: readonly Span[],
  segmentsFrom: (startMs: number) => TrackSegment[],
): Extent {
  // A clock that claims to have begun before us is wrong.
  const firstMs = start + Math.max(0, Math.min(...flows.map(({ fromMs }) => fromMs)));
  const lastMs = Math.min(end, start + lastOf(flows));
  return {
    start: firstMs,
    end: Math.max(lastMs, firstMs + MIN_DURATION_MS),
    segments: segmentsFrom(firstMs),
  };
}

/** A recording that nobody closed goes on to the last thing that is known of it. */
function findEnd(
  entries: readonly Dated[],
  { start, lastMediaMs }: { start: number; lastMediaMs: number },
): number {
  const last = entries.at(-1);
  if (!last) return start;
  const leastMs = start + MIN_DURATION_MS;
  if (last.entry.type === 'closed') return Math.max(leastMs, last.wallMs);
  return Math.max(leastMs, last.wallMs, Math.min(lastMediaMs, last.wallMs + MAX_UNTOLD_MS));
}

interface TrackSegment extends StorySegment {
  readonly trackId: string;
}

/** Of all, when nothing came of this one. */
function flowsOf(
  userId: string | undefined,
  { entries, segments }: { readonly entries: readonly Dated[]; readonly segments: readonly TrackSegment[] },
): readonly Span[] {
  const own = new Set(
    entries.flatMap(({ entry }) =>
      entry.type === 'track-added' && entry.userId === userId ? [entry.trackId] : [],
    ),
  );
  const chosen = segments.filter(({ trackId }) => own.has(trackId));
  return (chosen.length > 0 ? chosen : segments).flatMap(({ flows }) => flows);
}

/** What has no end when a run of the server ends, ended with it. */
function gather(
  entries: readonly Dated[],
  { start, end, segments }: Extent,
): Pick<Story, 'participants' | 'tracks' | 'speakers' | 'downtimes'> {
  const [present, published, paused] = [new Spans(), new Spans(), new Spans()];
  const names = new Map<string, string>();
  const tracks = new Map<string, Pick<StoryTrack, 'trackId' | 'userId' | 'kind' | 'source'>>();
  const speakers: { atMs: number; userId: string | null }[] = [];
  const downtimes: Span[] = [];
  let lastMs = 0;
  for (const { entry, wallMs } of entries) {
    const atMs = Math.min(Math.max(0, wallMs - start), end - start);
    switch (entry.type) {
      case 'anchor': {
        const untilMs = Math.min(atMs, lastMediaBefore(segments, atMs, lastMs));
        for (const spans of [present, published, paused]) spans.endAll(untilMs);
        if (names.size > 0) downtimes.push({ fromMs: untilMs, toMs: atMs });
        break;
      }
      case 'participant-joined':
        names.set(entry.userId, entry.name);
        present.begin(entry.userId, atMs);
        break;
      case 'participant-left':
        present.end(entry.userId, atMs);
        break;
      case 'track-added':
        tracks.set(entry.trackId, entry);
        published.begin(entry.trackId, atMs);
        break;
      case 'track-removed':
        for (const spans of [published, paused]) spans.end(entry.trackId, atMs);
        break;
      case 'track-paused':
        paused.begin(entry.trackId, atMs);
        break;
      case 'track-resumed':
        paused.end(entry.trackId, atMs);
        break;
      case 'active-speaker':
        speakers.push({ atMs, userId: entry.userId });
        break;
      default:
      // Segments were placed before.
    }
    lastMs = atMs;
  }
  for (const spans of [present, published, paused]) spans.endAll(end - start);
  return {
    participants: [...names].map(([userId, name]) => ({ userId, name, present: present.of(userId) })),
    tracks: [...tracks.values()].map(({ trackId, userId, kind, source }) => ({
      trackId,
      userId,
      kind,
      source,
      published: published.of(trackId),
      paused: paused.of(trackId),
      segments: segments
        .filter((segment) => segment.trackId === trackId)
        .map(({ trackId: _, ...rest }) => rest),
    })),
    speakers,
    downtimes,
  };
}

/** A server that was killed wrote its last line before its last packet. */
function lastMediaBefore(segments: readonly TrackSegment[], atMs: number, leastMs: number): number {
  const begun = segments.flatMap(({ flows }) => flows).filter(({ fromMs }) => fromMs < atMs);
  return Math.max(leastMs, lastOf(begun));
}

function lastOf(spans: readonly Span[]): number {
  return spans.reduce((last, { toMs }) => Math.max(last, toMs), 0);
}

function toStorySegment(
  { segment, clock, endReason, endedMs = Number.POSITIVE_INFINITY }: PlacedSegment,
  options: { stretches: readonly Stretch[]; kind: 'audio' | 'video'; start: number },
): StorySegment {
  const { stretches, kind, start } = options;
  const [from, to] = [stretches[0]?.from ?? 0, stretches.at(-1)?.to ?? 0];
  const pieces = toPieces((seconds) => (clock(seconds) - start) / 1_000, { from, to });
  // What claims to be from after the end of its segment was sent after its clock had jumped.
  const lastMs = endedMs - start + MAX_LEAD_MS;
  const told = stretches
    .map((stretch) => ({ stretch, fromMs: mapTime(pieces, stretch.from) * 1_000 }))
    .filter(({ fromMs }) => fromMs < lastMs);
  const flows = told.map(({ stretch, fromMs }) => ({
    fromMs,
    toMs: Math.min(lastMs, mapTime(pieces, stretch.to + PACKET_SECONDS[kind]) * 1_000),
  }));
  return { name: segment, clock: pieces, flows, stretches: told.map(({ stretch }) => stretch), endReason };
}
