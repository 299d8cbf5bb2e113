/** How loud one frequency is in telephone audio: the algorithm of Goertzel. */
import { decodeMuLaw } from '../../../src/voip/leg/mu-law.ts';

const SAMPLE_RATE = 8_000;

/** The peak of a sine of this frequency that the samples hold, of 32767. */
export function levelAt(samples: Int16Array, frequency: number): number {
  const coefficient = 2 * Math.cos((2 * Math.PI * frequency) / SAMPLE_RATE);
  let [previous, beforeThat] = [0, 0];
  for (const sample of samples)
    [previous, beforeThat] = [sample + coefficient * previous - beforeThat, previous];
  const power = previous ** 2 + beforeThat ** 2 - coefficient * previous * beforeThat;
  return (2 * Math.sqrt(Math.max(0, power))) / Math.max(1, samples.length);
}

export function levelOfMuLaw(bytes: Uint8Array, frequency: number): number {
  return levelAt(decodeMuLaw(bytes), frequency);
}
