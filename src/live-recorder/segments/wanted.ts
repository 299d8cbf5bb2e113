/** A segment that is to be fetched: where it is, and where in the stream. */
import type { BytesRef } from '../source/bytes-ref.ts';
import type { SegmentKey } from '../source/playlist.ts';

export interface Wanted extends BytesRef {
  readonly epoch: number;
  readonly sequence: number;
  readonly duration: number;
  readonly isDiscontinuous: boolean;
  readonly isNamed: boolean;
  readonly map?: BytesRef;
  readonly key?: SegmentKey;
  /** Why it cannot be fetched at all. */
  readonly obstacle?: string;
}
