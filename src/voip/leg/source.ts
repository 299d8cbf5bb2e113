/** A track of the room as frames in the order of our clock. */
import type { RtpPacket } from '../../media/index.ts';
import { SILENCE } from './frame.ts';
import { type FrameQuality, JitterBuffer } from './jitter-buffer.ts';
import { bytesReframer, type Reframer } from './reframer.ts';
import type { Sound } from './sound.ts';
import { UnwrappedClock } from './unwrapped-clock.ts';

export interface Source {
  readonly quality: FrameQuality;
  take(packet: RtpPacket): void;
  /** The frame of this moment; undefined when there is nothing to be heard. */
  pop(): Sound | undefined;
  close(): void;
}

/** RFC 3551, table 4. */
const PCMU = 0;

/** Plays the last frame once more, and then nothing: a longer gap shall not sound like a machine. */
export function concealMuLaw(last: Uint8Array, missing: number): Uint8Array {
  return missing === 1 ? last : SILENCE;
}

/** µ-law as it is. */
export class MuLawSource implements Source {
  readonly #clock = new UnwrappedClock(32);
  readonly #buffer = new JitterBuffer<Uint8Array>({ conceal: concealMuLaw });
  readonly #reframer: Reframer<Uint8Array> = bytesReframer((position, frame) =>
    this.#buffer.push(position, frame),
  );

  get quality(): FrameQuality {
    return this.#buffer.quality;
  }

  take({ payloadType, timestamp, payload }: RtpPacket): void {
    if (payloadType === PCMU) this.#reframer.push(this.#clock.read(timestamp), payload);
  }

  pop(): Sound | undefined {
    const bytes = this.#buffer.pop();
    return bytes && { form: 'mu-law', bytes };
  }

  close(): void {}
}
