/** Tones as telephone audio: a steady one, and the pairs of the keypad (ITU-T Q.23). */
import { FRAME_SAMPLES, SAMPLE_RATE } from './frame.ts';
import { encodeMuLaw } from './mu-law.ts';

export const DIGITS = /^[0-9A-D*#]+$/;

const ROWS = [697, 770, 852, 941];
const COLUMNS = [1_209, 1_336, 1_477, 1_633];
const KEYPAD = ['123A', '456B', '789C', '*0#D'];
/** Q.24 wants at least 40 ms of each; networks take 100 for sure. */
const DIGIT_FRAMES = 5;
const PAUSE_FRAMES = 4;
export const FRAMES_PER_DIGIT = DIGIT_FRAMES + PAUSE_FRAMES;
const LEVEL = 8_000;

/** Frame `index` of a tone that began with frame 0. Frequencies in hertz; `level` is the peak of each, of 32767. */
export function toneFrame(
  frequencies: readonly number[],
  { index, level = LEVEL }: { index: number; level?: number },
): Uint8Array {
  const samples = new Int16Array(FRAME_SAMPLES);
  for (let sample = 0; sample < FRAME_SAMPLES; sample += 1) {
    const seconds = (index * FRAME_SAMPLES + sample) / SAMPLE_RATE;
    samples[sample] = frequencies.reduce(
      (sum, frequency) => sum + level * Math.sin(2 * Math.PI * frequency * seconds),
      0,
    );
  }
  return encodeMuLaw(samples);
}

/** The frames of digits that are pressed one after another; undefined is a pause. */
export function digitFrames(digits: string): (Uint8Array | undefined)[] {
  return [...digits].flatMap((digit) => {
    const row = KEYPAD.findIndex((keys) => keys.includes(digit));
    const frequencies = [ROWS[row], COLUMNS[KEYPAD[row]?.indexOf(digit) ?? -1]];
    const pair = frequencies.filter((frequency) => frequency !== undefined);
    if (pair.length !== 2) throw new RangeError(`"${digit}" is on no keypad`);
    return [
      ...Array.from({ length: DIGIT_FRAMES }, (_, index) => toneFrame(pair, { index })),
      ...Array.from({ length: PAUSE_FRAMES }, () => undefined),
    ];
  });
}
