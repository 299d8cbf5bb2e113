/** Frames that wait for one reader: the frames themselves, which all who wait share, and no copies of them. */
import type { Frame } from '../relay/relay.ts';

/** As many frames may have been taken from the front before the list is made anew. */
const TAKEN_AT_MOST = 1_024;

export class Backlog {
  #frames: Frame[] = [];
  #taken = 0;
  #bytes = 0;

  get bytes(): number {
    return this.#bytes;
  }

  push(frame: Frame): void {
    this.#frames.push(frame);
    this.#bytes += Buffer.byteLength(frame);
  }

  /** The oldest one; undefined when there is none. */
  shift(): Frame | undefined {
    const frame = this.#frames[this.#taken];
    if (frame === undefined) return undefined;
    this.#taken += 1;
    this.#bytes -= Buffer.byteLength(frame);
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
