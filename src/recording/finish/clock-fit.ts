/**
 * Which moment of the wall each moment of a segment was. The clock of a sender runs a little faster or slower than ours, and a
 * single packet comes early or late by chance: both go out in a piecewise line through all of its sender reports.
 */

/** One sender report, with its RTP time as seconds since the first packet of the segment. */
export interface ClockPoint {
  readonly mediaSeconds: number;
  readonly wallMs: number;
}

/** Milliseconds since 1970, for a time in the segment in seconds. */
export type ClockFit = (mediaSeconds: number) => number;

/** Long enough for chance to even out, short enough for a clock that warms up. */
const WINDOW_SECONDS = 30;
/** With less to go by, a knot would be noise. */
const MIN_POINTS = 4;
/**
 * How sure it is beforehand that a clock is right, as the square of how many milliseconds a report is off by chance over how many a
 * clock is off in a second: some 20, and 0.3. A few seconds say nothing against it, a minute does.
 */
const PRIOR = (20 / 0.3) ** 2;

/** `firstPacketWallMs` is all there is to go by when nothing was reported. */
export function fitClock(points: readonly ClockPoint[], firstPacketWallMs: number): ClockFit {
  const sorted = points.toSorted((a, b) => a.mediaSeconds - b.mediaSeconds);
  const first = sorted[0];
  const last = sorted.at(-1);
  if (!first || !last) return (mediaSeconds) => firstPacketWallMs + mediaSeconds * 1_000;
  const span = last.mediaSeconds - first.mediaSeconds;
  const lastWindow = Math.max(0, Math.floor(span / WINDOW_SECONDS + 0.5) - 1);
  const windows = Map.groupBy(sorted, ({ mediaSeconds }) =>
    // A rest that is short would be a knot of chance: it belongs to the window before it.
    Math.min(lastWindow, Math.floor((mediaSeconds - first.mediaSeconds) / WINDOW_SECONDS)),
  );
  const knots = [...windows.values()].filter(({ length }) => length >= MIN_POINTS).map(centreOf);
  if (knots.length < 2) return lineThrough(sorted);
  return (mediaSeconds) => interpolate(knots, mediaSeconds);
}

/** The centre of points lies on their line of least squares. */
function centreOf(points: readonly ClockPoint[]): ClockPoint {
  return {
    mediaSeconds: mean(points.map(({ mediaSeconds }) => mediaSeconds)),
    wallMs: mean(points.map(({ wallMs }) => wallMs)),
  };
}

/** Least squares, and near to 1 ms a millisecond as long as little is known: a jump within a short segment is no rate. */
function lineThrough(points: readonly ClockPoint[]): ClockFit {
  const centre = centreOf(points);
  let products = 0;
  let squares = 0;
  for (const { mediaSeconds, wallMs } of points) {
    const seconds = mediaSeconds - centre.mediaSeconds;
    products += seconds * (wallMs - centre.wallMs - seconds * 1_000);
    squares += seconds ** 2;
  }
  const rate = 1_000 + products / (squares + PRIOR);
  return (mediaSeconds) => centre.wallMs + (mediaSeconds - centre.mediaSeconds) * rate;
}

/** Between the two knots beside it; before the first and after the last one as between the nearest two. */
function interpolate(knots: readonly ClockPoint[], mediaSeconds: number): number {
  const index = knots.findIndex((knot) => knot.mediaSeconds > mediaSeconds);
  const right = Math.min(Math.max(index === -1 ? knots.length - 1 : index, 1), knots.length - 1);
  const [a, b] = [knots[right - 1], knots[right]];
  if (!a || !b) return Number.NaN;
  const rate = (b.wallMs - a.wallMs) / (b.mediaSeconds - a.mediaSeconds);
  return a.wallMs + (mediaSeconds - a.mediaSeconds) * rate;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
