/** What becomes of the voice of a phone on its way into the room. */
import { FRAME_SAMPLES } from './frame.ts';

export interface VoiceEncoder {
  /** How far the RTP timestamp goes with each frame. */
  readonly ticksPerFrame: number;
  /** One frame of µ-law as the payload of one packet. */
  encode(frame: Uint8Array): Uint8Array;
  close(): void;
}

/** Nothing: µ-law goes into the room as it is. */
export const PLAIN_VOICE: VoiceEncoder = {
  ticksPerFrame: FRAME_SAMPLES,
  encode: (frame) => frame,
  close: () => {},
};
