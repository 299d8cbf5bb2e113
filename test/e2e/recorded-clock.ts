/** Compares what one with a clock painted and played with what of it is in a file. */
import { readBeeps, readFlashes, readFrames } from '../support/media/read-media.ts';
import { FRAMERATE } from '../support/media/test-card.ts';

export interface ClockReport {
  /** Seconds of the file: the first picture that is followed by another one. */
  readonly firstFrameAt: number;
  /** Seconds by which a beep is after its flash, one for each flash that was painted in time and found. */
  readonly offsets: readonly number[];
  /** Of the flashes that were painted in time while the recording ran, from 0 to 1. */
  readonly foundShare: number;
}

/** So much is looked at to learn when the clock of the page began. */
const LEARNING_SECONDS = 10;
/** How far a flash may be from where the numbers of the frames say. */
const TOLERANCE_SECONDS = 0.1;
/** A flash at the very edge may be cut off. */
const EDGE_SECONDS = 0.2;

export interface Played {
  readonly path: string;
  readonly seconds: number;
  /** The numbers of the frames with which flashes began in time. */
  readonly painted: readonly number[];
}

export async function compareClocks({ path, seconds, painted }: Played): Promise<ClockReport> {
  const [frames, flashes, beeps] = await Promise.all([
    readFrames(path, LEARNING_SECONDS),
    readFlashes(path),
    readBeeps(path),
  ]);
  const [still] = frames;
  const firstFrameAt = frames.find(({ number }) => number !== still?.number)?.at ?? Number.POSITIVE_INFINITY;
  const moving = frames.filter(({ at }) => at >= firstFrameAt);
  const zero = quantile(
    moving.map(({ at, number }) => at - number / FRAMERATE),
    0.5,
  );
  const expected = painted
    .map((number) => zero + number / FRAMERATE)
    .filter((at) => at > firstFrameAt + EDGE_SECONDS && at < seconds - EDGE_SECONDS);
  const found = expected.flatMap((at) => {
    const flash = nearest(flashes, at);
    return Math.abs(flash - at) < TOLERANCE_SECONDS ? [flash] : [];
  });
  return {
    firstFrameAt,
    offsets: found.map((at) => nearest(beeps, at) - at),
    foundShare: found.length / expected.length,
  };
}

/** The value that so many parts of all are not above. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(part * sorted.length) - 1)] ?? Number.NaN;
}

function nearest(values: readonly number[], to: number): number {
  return values.reduce(
    (best, value) => (Math.abs(value - to) < Math.abs(best - to) ? value : best),
    Number.POSITIVE_INFINITY,
  );
}
