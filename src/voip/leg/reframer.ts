/** Cuts audio that comes in pieces of any length into whole frames, each with its position. */
import { FRAME_SAMPLES } from './frame.ts';

interface Samples {
  readonly length: number;
}

export interface ReframerOptions<T extends Samples> {
  readonly join: (left: T, right: T) => T;
  readonly cut: (samples: T, start: number, end: number) => T;
  readonly take: (position: number, frame: T) => void;
}

export class Reframer<T extends Samples> {
  readonly #options: ReframerOptions<T>;
  #rest: { readonly position: number; readonly samples: T } | undefined;

  constructor(options: ReframerOptions<T>) {
    this.#options = options;
  }

  /** What does not go on where the last piece ended leaves the rest of that one behind. */
  push(position: number, samples: T): void {
    const { join, cut, take } = this.#options;
    const rest = this.#rest;
    const goesOn = rest !== undefined && rest.position + rest.samples.length === position;
    const all = goesOn ? join(rest.samples, samples) : samples;
    const from = goesOn ? rest.position : position;
    let start = 0;
    for (; start + FRAME_SAMPLES <= all.length; start += FRAME_SAMPLES) {
      take(
        from + start,
        start === 0 && all.length === FRAME_SAMPLES ? all : cut(all, start, start + FRAME_SAMPLES),
      );
    }
    this.#rest =
      start === all.length ? undefined : { position: from + start, samples: cut(all, start, all.length) };
  }
}

export function bytesReframer(take: (position: number, frame: Uint8Array) => void): Reframer<Uint8Array> {
  return new Reframer<Uint8Array>({
    join: (left, right) => {
      const both = new Uint8Array(left.length + right.length);
      both.set(left);
      both.set(right, left.length);
      return both;
    },
    cut: (samples, start, end) => samples.slice(start, end),
    take,
  });
}
