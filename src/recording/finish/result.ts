/** What the finish tells while it works, and what it gives. */
import type { Logger } from '../../observability/index.ts';

export type FinishPhase =
  | 'remuxing'
  | 'normalising'
  | 'composing'
  | 'mixing'
  | 'encoding'
  | 'thumbnails'
  | 'manifest';

export interface FinishOptions {
  readonly signal: AbortSignal;
  /** `progress` is 0 to 1 over all phases, and never falls. */
  readonly onProgress: (phase: FinishPhase, progress: number) => void;
  readonly logger: Logger;
  /** 0 to 19: how much every ffmpeg gives way to others. */
  readonly niceness?: number;
}

export type FinishedFileKind = 'composed' | 'track' | 'audio' | 'thumbnail' | 'manifest';

export interface FinishedFile {
  /** Within the recording, with `/` between folder and file. */
  readonly name: string;
  readonly kind: FinishedFileKind;
  /** Absolute. */
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  /** Media type. */
  readonly type: string;
  /** In hexadecimal. */
  readonly sha256: string;
}

export interface FinishResult {
  readonly files: readonly FinishedFile[];
  /** Milliseconds since 1970. */
  readonly startedAtMs: number;
  readonly durationMs: number;
  /** How many tracks have anything in them. */
  readonly tracks: number;
}
