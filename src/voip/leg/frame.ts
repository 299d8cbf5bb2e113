/** The unit in which telephone audio moves: 20 ms of 8 kHz, one byte a sample (ITU-T G.711, µ-law). */

export const SAMPLE_RATE = 8_000;
export const FRAME_MS = 20;
export const FRAME_SAMPLES = (SAMPLE_RATE * FRAME_MS) / 1_000;
export const FRAMES_PER_SECOND = 1_000 / FRAME_MS;

/** µ-law of nothing: all bits set is the smallest positive step. */
const SILENCE_BYTE = 0xff;

/** One frame of silence. To be read only. */
export const SILENCE: Uint8Array = new Uint8Array(FRAME_SAMPLES).fill(SILENCE_BYTE);
