/** One frame of audio as it came: bytes of µ-law, or linear samples; and how several become the one that a phone hears. */
import { FRAME_SAMPLES } from './frame.ts';
import { decodeMuLaw, encodeMuLaw } from './mu-law.ts';

export type Sound =
  | { readonly form: 'mu-law'; readonly bytes: Uint8Array }
  | { readonly form: 'linear'; readonly samples: Int16Array };

const LOUDEST = 32_767;

/** A single one stays what it is, byte by byte; undefined when there is none. */
export function mix(sounds: readonly Sound[]): Uint8Array | undefined {
  const [only] = sounds;
  if (!only) return undefined;
  if (sounds.length === 1) return only.form === 'mu-law' ? only.bytes : encodeMuLaw(only.samples);
  const sum = new Int32Array(FRAME_SAMPLES);
  for (const sound of sounds) {
    const samples = sound.form === 'linear' ? sound.samples : decodeMuLaw(sound.bytes);
    for (let index = 0; index < FRAME_SAMPLES; index += 1)
      sum[index] = (sum[index] ?? 0) + (samples[index] ?? 0);
  }
  // What is too loud together is cut, as a loud voice alone would be.
  return encodeMuLaw(Int16Array.from(sum, (sample) => Math.max(-LOUDEST, Math.min(LOUDEST, sample))));
}
