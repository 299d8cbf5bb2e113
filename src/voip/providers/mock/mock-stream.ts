/** The far end of a call of `mock`: plays a tone, then says again what it hears. Its clock is that of the one who sends to it. */
import { Emitter, type Listenable } from '../../../lib/index.ts';
import { FRAME_SAMPLES, FRAMES_PER_SECOND } from '../../leg/frame.ts';
import { toneFrame } from '../../leg/tones.ts';
import type { AudioStream, AudioStreamEvents } from '../audio-stream.ts';

const MOCK_TONE_HZ = 440;
const TONE_FRAMES = 2 * FRAMES_PER_SECOND;

export class MockStream implements AudioStream {
  readonly #emitter = new Emitter<AudioStreamEvents>();
  #frames = 0;
  #isClosed = false;

  get events(): Listenable<AudioStreamEvents> {
    return this.#emitter;
  }

  send(frame: Uint8Array): void {
    if (this.#isClosed) return;
    const index = this.#frames;
    this.#frames += 1;
    const bytes = index < TONE_FRAMES ? toneFrame([MOCK_TONE_HZ], { index }) : frame;
    this.#emitter.emit('heard', { position: index * FRAME_SAMPLES, bytes });
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#emitter.emit('closed', undefined);
    this.#emitter.removeAll();
  }
}
