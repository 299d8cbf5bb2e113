/** How bytes that a stream names are named. */

/** Bytes that a stream names: all of an object or of an answer, or a range of it. */
export interface BytesRef {
  /** An absolute URL, or `bucket:` and the key of an object. */
  readonly location: string;
  readonly range?: { readonly offset: number; readonly length: number };
}

export const BUCKET = 'bucket:';
