/**
 * Puts frames that come when they come into the steady order of a clock: waits for those that are late by up to the delay, fills what
 * is missing, and keeps the delay while the sender's clock is not ours. It counts what that costs.
 */
import { FRAME_MS, FRAME_SAMPLES } from './frame.ts';

export interface FrameQuality {
  /** Frames that came. */
  readonly received: number;
  /** Frames that never came, or too late to be played. */
  readonly lost: number;
  /** Frames that came after their time. */
  readonly late: number;
  /** Moments at which something had to be made up. */
  readonly concealed: number;
  /** Frames that were left out because the sender's clock is faster. */
  readonly skipped: number;
}

export interface JitterBufferOptions<T> {
  readonly delayMs?: number;
  /** What is played in the place of a missing frame; undefined: nothing. */
  readonly conceal: (last: T, missing: number) => T | undefined;
}

const DELAY_MS = 60;
/** A sender that says nothing for this long has paused, and lost nothing. */
const PAUSE_FRAMES = 10;
/** How long the buffer has to be too full before a frame is left out. */
const DRIFT_FRAMES = 100;
/** A position so far away is another stream: the sender began anew. */
const MAX_JUMP_FRAMES = 250;

export class JitterBuffer<T> {
  readonly #delayFrames: number;
  readonly #conceal: JitterBufferOptions<T>['conceal'];
  /** By position, in samples. */
  readonly #frames = new Map<number, T>();
  /** The position that is played next; undefined while nothing plays. */
  #next: number | undefined;
  /** Moments to wait before the first frame is played. */
  #waits = 0;
  #last: T | undefined;
  #missing = 0;
  /** The emptiest that it was, and for how many moments that is known. */
  #depth = { least: Number.POSITIVE_INFINITY, moments: 0 };
  #counts = { received: 0, lost: 0, late: 0, concealed: 0, skipped: 0 };

  constructor({ delayMs = DELAY_MS, conceal }: JitterBufferOptions<T>) {
    this.#delayFrames = Math.round(delayMs / FRAME_MS);
    this.#conceal = conceal;
  }

  get quality(): FrameQuality {
    return this.#counts;
  }

  /** Frames that wait. */
  get size(): number {
    return this.#frames.size;
  }

  /** `position`: of its first sample on the sender's clock; it only grows. */
  push(position: number, frame: T): void {
    this.#counts.received += 1;
    if (this.#next !== undefined && Math.abs(position - this.#next) > MAX_JUMP_FRAMES * FRAME_SAMPLES) {
      this.#reset();
    }
    if (this.#next === undefined) {
      this.#next = position;
      this.#waits = this.#delayFrames;
    } else if (position < this.#next) {
      // While nothing is played yet, an earlier one is early enough.
      if (this.#waits > 0) this.#next = position;
      else {
        this.#counts.late += 1;
        return;
      }
    }
    // Who sends more frames than fit into the farthest jump sends overlapping ones: those are not kept.
    if (this.#frames.size >= MAX_JUMP_FRAMES) this.#counts.late += 1;
    else this.#frames.set(position, frame);
  }

  /** The frame of this moment; undefined when there is nothing to be played. To be called once every frame's time. */
  pop(): T | undefined {
    if (this.#next === undefined) return undefined;
    if (this.#waits > 0) {
      this.#waits -= 1;
      return undefined;
    }
    this.#absorbDrift();
    const position = this.#due(this.#next);
    const frame = position === undefined ? undefined : this.#frames.get(position);
    if (position === undefined || frame === undefined) return this.#fill();
    this.#frames.delete(position);
    this.#next = position + FRAME_SAMPLES;
    this.#missing = 0;
    this.#last = frame;
    return frame;
  }

  /**
   * The position of the frame of this moment. A sender that jumped by less than a frame is followed: otherwise none of its frames
   * would ever be where one is looked for. What overlaps with a frame that was played is taken away.
   */
  #due(next: number): number | undefined {
    if (this.#frames.has(next)) return next;
    let due: number | undefined;
    for (const position of this.#frames.keys()) {
      if (position < next) this.#frames.delete(position);
      else if (position < next + FRAME_SAMPLES && (due === undefined || position < due)) due = position;
    }
    return due;
  }

  #fill(): T | undefined {
    this.#missing += 1;
    if (this.#frames.size > 0) {
      // What comes after it is here: it is lost.
      this.#counts.lost += 1;
      this.#next = (this.#next ?? 0) + FRAME_SAMPLES;
    } else if (this.#missing >= PAUSE_FRAMES) {
      this.#counts.concealed -= this.#missing - 1;
      this.#reset();
      return undefined;
    }
    // With nothing behind it the sender is late, or slower than we are: its frame is still waited for.
    this.#counts.concealed += 1;
    return this.#last === undefined ? undefined : this.#conceal(this.#last, this.#missing);
  }

  #absorbDrift(): void {
    this.#depth.least = Math.min(this.#depth.least, this.#frames.size);
    this.#depth.moments += 1;
    if (this.#depth.moments < DRIFT_FRAMES) return;
    const isTooFull = this.#depth.least > this.#delayFrames;
    this.#depth = { least: Number.POSITIVE_INFINITY, moments: 0 };
    if (!isTooFull || this.#next === undefined) return;
    if (this.#frames.delete(this.#next)) this.#counts.skipped += 1;
    this.#next += FRAME_SAMPLES;
  }

  #reset(): void {
    this.#frames.clear();
    this.#next = undefined;
    this.#missing = 0;
    this.#depth = { least: Number.POSITIVE_INFINITY, moments: 0 };
  }
}
