/** One second of a tone as telephone audio, frame by frame: said over and over it has no seam. */
import { toneFrame } from '../../../src/voip/leg/tones.ts';

const FRAMES_PER_SECOND = 50;

/** A whole number of hertz. */
export function secondOfTone(hertz: number): readonly Uint8Array[] {
  return Array.from({ length: FRAMES_PER_SECOND }, (_, index) => toneFrame([hertz], { index }));
}
