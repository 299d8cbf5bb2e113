/** Between the Opus of browsers and the narrow band of a telephone: one encoder for what a phone says, one decoder for each voice it hears. */
import { Decoder, Encoder } from '@evan/opus';
import type { RtpPacket } from '../../media/index.ts';
import { FRAME_SAMPLES, SAMPLE_RATE } from './frame.ts';
import { type FrameQuality, JitterBuffer } from './jitter-buffer.ts';
import { decodeMuLaw } from './mu-law.ts';
import { Reframer } from './reframer.ts';
import type { Sound } from './sound.ts';
import type { Source } from './source.ts';
import { UnwrappedClock } from './unwrapped-clock.ts';
import type { VoiceEncoder } from './voice-encoder.ts';

/** RFC 7587, section 4.1: the RTP clock is that of 48 kHz, whatever is encoded. */
const TICKS_PER_SAMPLE = 48_000 / SAMPLE_RATE;
const NOTHING = new Int16Array(FRAME_SAMPLES);

export class OpusSource implements Source {
  readonly #decoder = new Decoder({ channels: 1, sample_rate: SAMPLE_RATE });
  readonly #clock = new UnwrappedClock(32);
  readonly #buffer = new JitterBuffer<Int16Array>({
    conceal: (last, missing) => (missing === 1 ? last : NOTHING),
  });
  readonly #reframer = new Reframer<Int16Array>({
    join: (left, right) => {
      const both = new Int16Array(left.length + right.length);
      both.set(left);
      both.set(right, left.length);
      return both;
    },
    cut: (samples, start, end) => samples.slice(start, end),
    take: (position, frame) => this.#buffer.push(position, frame),
  });
  #newest = Number.NEGATIVE_INFINITY;

  get quality(): FrameQuality {
    return this.#buffer.quality;
  }

  take({ timestamp, payload }: RtpPacket): void {
    const position = this.#clock.read(timestamp) / TICKS_PER_SAMPLE;
    // A decoder goes one way: what comes after its successor is lost.
    if (position <= this.#newest || payload.length === 0) return;
    this.#newest = position;
    const samples = this.#decode(payload);
    if (samples) this.#reframer.push(position, samples);
  }

  pop(): Sound | undefined {
    const samples = this.#buffer.pop();
    return samples && { form: 'linear', samples };
  }

  close(): void {}

  /** Undefined for what is no Opus: a peer may send anything. */
  #decode(payload: Uint8Array): Int16Array | undefined {
    try {
      const { buffer, byteOffset, byteLength } = this.#decoder.decode(payload);
      return new Int16Array(buffer.slice(byteOffset, byteOffset + byteLength));
    } catch {
      return undefined;
    }
  }
}

export class OpusVoice implements VoiceEncoder {
  readonly ticksPerFrame = FRAME_SAMPLES * TICKS_PER_SAMPLE;
  readonly #encoder = new Encoder({ channels: 1, sample_rate: SAMPLE_RATE, application: 'voip' });

  encode(frame: Uint8Array): Uint8Array {
    return this.#encoder.encode(decodeMuLaw(frame)).slice();
  }

  close(): void {}
}
