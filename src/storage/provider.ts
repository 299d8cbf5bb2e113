/** Where the files of recordings are kept: one port, whatever is behind it. */

export interface StoredObject {
  readonly key: string;
  /** Bytes. */
  readonly size: number;
  /** The media type, where the provider keeps it. */
  readonly type: string | undefined;
  readonly modifiedAt: Date;
}

export interface PutOptions {
  /** The media type. */
  readonly type: string;
  readonly signal?: AbortSignal;
  /** Called now and then with the bytes that are there. */
  readonly onProgress?: (bytes: number) => void;
}

/** Both inclusive, counted from 0. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

export interface ListOptions {
  /** Of the page before. */
  readonly cursor?: string;
  /** At most 1,000, which is the default too. */
  readonly limit?: number;
}

export interface ObjectPage {
  readonly objects: readonly StoredObject[];
  /** Where the next page begins; absent on the last one. */
  readonly cursor?: string;
}

/**
 * Keys are made by the server and checked all the same: one that would leave its place is refused with `validation_error`.
 * What the provider cannot do at the moment rejects with `unavailable` and the fault `destination`.
 */
export interface StorageProvider {
  readonly name: 'local' | 's3' | 'gcs' | 'vercel-blob';
  /**
   * Streams the file at `path` to `key`. Nothing is seen at the key before all of it is there, and it resolves when that is
   * verified. Again is no error: the last one stays. Rejects with the reason of the signal, after which nothing is left.
   */
  put(key: string, path: string, options: PutOptions): Promise<StoredObject>;
  /** Undefined when nothing is there. */
  head(key: string): Promise<StoredObject | undefined>;
  /**
   * The bytes, or those of the range that are there: read only as they are taken. Rejects with `not_found`, and with
   * `validation_error` when the range begins behind the end.
   */
  get(key: string, range?: ByteRange): Promise<ReadableStream<Uint8Array>>;
  /** Where the object itself is, for who sends it out; only of a provider on this machine. Rejects with `not_found`. */
  pathOf?(key: string): Promise<string>;
  /** In the order of the keys. */
  list(prefix: string, options?: ListOptions): Promise<ObjectPage>;
  /** What is not there is no error. */
  delete(key: string): Promise<void>;
  /** Deletes everything whose key begins with the prefix, also what was begun and never became an object. Twice is no error. */
  deleteAll(prefix: string): Promise<void>;
  /** Undefined: this provider has no addresses of its own, and the server hands the bytes out. */
  signedUrl(
    key: string,
    options: { readonly expiresInSeconds: number; readonly downloadName?: string },
  ): Promise<string | undefined>;
  /** Writes, reads and deletes something. Rejects with what is wrong, in words. */
  check(): Promise<void>;
  close(): Promise<void>;
}
