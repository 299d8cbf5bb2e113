/** The voice of one call as a provider carries it: µ-law both ways, until either side ends it. */
import type { Listenable } from '../../lib/index.ts';

export interface HeardAudio {
  /** Of its first sample, on the clock of the provider; it only grows. */
  readonly position: number;
  readonly bytes: Uint8Array;
}

export interface AudioStreamEvents extends Record<string, unknown> {
  heard: HeardAudio;
  /** A key that the far end pressed. */
  digit: string;
  /** Emitted exactly once, also after `close()`. */
  closed: undefined;
}

export interface AudioStream {
  readonly events: Listenable<AudioStreamEvents>;
  /** The next frame for the far end. One comes every 20 ms, silence too. */
  send(frame: Uint8Array): void;
  /** Ends the stream, not the call. Twice is no error. */
  close(): void;
}
