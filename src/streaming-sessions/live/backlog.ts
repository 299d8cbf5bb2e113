/** Frames that wait for one reader: the frames themselves, which all who wait share, and no copies of them. */
import type { Frame } from '../relay/relay.ts';

/** As many frames may have been taken from the front before the list is made anew. */
const TAKEN_AT_MOST = 1_024;
/** What a frame counts at least: an empty one takes memory, too, and any number of them would never be too much. */
const LEAST_BYTES = 128;

/** Bytes that a frame counts while it waits. */
export function weigh(frame: Frame): number {
  return Math.max(Buffer.byteLength(frame), LEAST_BYTES);
}

export class Backlog {
  #frames: Frame[] = [];
  #taken = 0;
  #bytes = 0;

  /** What all of them weigh together. */
  get bytes(): number {
    return this.#bytes;
  }

  push(frame: Frame): void {
    this.#frames.push(frame);
    this.#bytes += weigh(frame);
  }

  /** The oldest one; undefined when there is none. */
  shift(): Frame | undefined {
    const frame = this.#frames[this.#taken];
    if (frame === undefined) return undefined;
    this.#taken += 1;
    this.#bytes -= weigh(frame);
    if (this.#taken === this.#frames.length) this.clear();
    else if (this.#taken >= TAKEN_AT_MOST) {
      this.#frames = this.#frames.slice(this.#taken);
      this.#taken = 0;
    }
    return frame;
  }

  clear(): void {
    this.#frames = [];
    this.#taken = 0;
    this.#bytes = 0;
  }
}
