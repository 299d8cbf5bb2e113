/** A tone, and an ear that tells the frequency and the level of what it hears. */
import type { Sound } from '../lines.ts';

const AMPLITUDE = 0.3;
const FULL_SCALE = 32_768;
/** How much an ear listens to at a time, in parts of a second. */
const PARTS = 4;

/** The samples from `first` on, of one channel. */
export function playTone(
  tone: number,
  part: { readonly first: number; readonly count: number; readonly sampleRate: number },
): Int16Array {
  return Int16Array.from({ length: part.count }, (_, at) => {
    const seconds = (part.first + at) / part.sampleRate;
    return Math.round(AMPLITUDE * FULL_SCALE * Math.sin(2 * Math.PI * tone * seconds));
  });
}

export class Ear {
  readonly #mid: string;
  readonly #hear: (sound: Sound) => void;
  #heard = 0;
  #crossings = 0;
  #energy = 0;
  #wasPositive = false;

  constructor(mid: string, hear: (sound: Sound) => void) {
    this.#mid = mid;
    this.#hear = hear;
  }

  /** Of one channel. */
  listen(samples: Int16Array, sampleRate: number): void {
    for (const sample of samples) {
      if (sample >= 0 !== this.#wasPositive) this.#crossings += 1;
      this.#wasPositive = sample >= 0;
      this.#energy += (sample / FULL_SCALE) ** 2;
      this.#heard += 1;
      if (this.#heard >= sampleRate / PARTS) this.#tell(sampleRate);
    }
  }

  #tell(sampleRate: number): void {
    const tone = (this.#crossings * sampleRate) / (2 * this.#heard);
    this.#hear({ mid: this.#mid, tone, level: Math.sqrt(this.#energy / this.#heard) });
    this.#heard = 0;
    this.#crossings = 0;
    this.#energy = 0;
  }
}
