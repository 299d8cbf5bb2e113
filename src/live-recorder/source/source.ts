/** Where the segments of a stream come from: one port, for a bucket and for addresses of the web. */
import type { BytesRef } from './bytes-ref.ts';
import type { MediaPlaylist } from './playlist.ts';

export interface OpenedBytes {
  readonly stream: ReadableStream<Uint8Array>;
  /** As the source told it, so that what was cut off is noticed. */
  readonly size: number | undefined;
}

/** An object of the bucket that is no playlist. */
export interface SourceObject {
  readonly location: string;
  readonly size: number;
  readonly modifiedAt: Date;
}

/** What there is at a moment. */
export interface Snapshot {
  /** The media playlist of the stream; absent while there is none, or only one of an earlier stream. */
  readonly playlist?: MediaPlaylist;
  /** What lies in the bucket, when it was listed. */
  readonly objects?: readonly SourceObject[];
  /** When the newest of all that lies in the bucket was written, when it was listed. */
  readonly newestAt?: Date;
  /** Why there is no playlist, for people. */
  readonly problem?: string;
}

export interface SegmentSource {
  /** `isListed` asks for the objects too, where there is a bucket. Rejects when the source cannot be asked at the moment. */
  read(options: { readonly isListed: boolean; readonly signal: AbortSignal }): Promise<Snapshot>;
  /** Rejects with `not_found`, with `validation_error` for what may not be asked, and when the source is away. */
  open(ref: BytesRef, signal: AbortSignal): Promise<OpenedBytes>;
}
