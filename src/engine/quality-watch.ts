/** Tells a participant whose media has been bad for a while, once each time that it becomes so. */
import type { EndpointStats } from '../media/index.ts';
import type { EventData } from '../protocol/index.ts';

type Warning = EventData<'quality-warning'>;
type Direction = Warning['direction'];
type Flow = EndpointStats['up']['tracks'][number];

/** The bounds of SPEC 2.6; what is beyond one of them is bad. */
const MAX_LOSS = 0.05;
const MAX_RTT_MS = 300;
const MIN_SCORE = 5;
/** A bad moment is no warning. */
const BAD_FOR_MS = 10_000;

export class QualityWatch {
  /** Since when a direction has been bad, and whether that was told. */
  readonly #bad = new Map<Direction, { readonly since: number; isTold: boolean }>();

  /** Takes a reading; `now` in milliseconds of any steady clock. Returns what has to be told. */
  note(stats: EndpointStats, now: number): Warning[] {
    return (['up', 'down'] as const).flatMap((direction) =>
      this.#noteOne(direction, stats[direction].tracks, now),
    );
  }

  #noteOne(direction: Direction, tracks: readonly Flow[], now: number): Warning[] {
    const worst = worstOf(tracks.filter(({ bitrate }) => bitrate > 0));
    if (worst.reasons.length === 0) {
      this.#bad.delete(direction);
      return [];
    }
    const bad = this.#bad.get(direction) ?? { since: now, isTold: false };
    this.#bad.set(direction, bad);
    if (bad.isTold || now - bad.since < BAD_FOR_MS) return [];
    bad.isTold = true;
    return [{ direction, ...worst }];
  }
}

function worstOf(tracks: readonly Flow[]): Omit<Warning, 'direction'> {
  const known = (pick: (flow: Flow) => number | null) => tracks.map(pick).filter((value) => value !== null);
  const loss = Math.max(0, ...known((flow) => flow.loss));
  const rttMs = Math.max(0, ...known((flow) => flow.rttMs));
  const score = Math.min(10, ...known((flow) => flow.score));
  const reasons: Warning['reasons'] = [];
  if (loss > MAX_LOSS) reasons.push('loss');
  if (rttMs > MAX_RTT_MS) reasons.push('rtt');
  if (score < MIN_SCORE) reasons.push('score');
  return { reasons, loss, rttMs, score };
}
