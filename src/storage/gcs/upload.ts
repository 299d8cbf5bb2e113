/** Brings a file into a bucket by a resumable session, and goes on where an earlier process was cut off. */
import type { PutOptions } from '../provider.ts';
import type { UploadLedger } from '../uploads/ledger.ts';
import type { SourceFile } from '../uploads/source-file.ts';
import type { GcsBucket } from './bucket.ts';
import { statusOf } from './failures.ts';

const INCOMPLETE = 308;
const DONE = [200, 201];
/** What a session says that is over: expired, or deleted. */
const GONE = [404, 410, 499];

export interface GcsUploadParts {
  readonly bucket: GcsBucket;
  readonly ledger: UploadLedger;
}

export class GcsUpload {
  readonly #key: string;
  readonly #options: PutOptions;
  readonly #bucket: GcsBucket;
  readonly #ledger: UploadLedger;

  constructor(key: string, options: PutOptions, { bucket, ledger }: GcsUploadParts) {
    this.#key = key;
    this.#options = options;
    this.#bucket = bucket;
    this.#ledger = ledger;
  }

  /** When it rejects, what has arrived stays for the next time, and the ledger knows of it. */
  async send(file: SourceFile): Promise<void> {
    const session = (await this.#resume(file)) ?? { url: await this.#begin(file), offset: 0 };
    let { offset } = session;
    if (offset > 0 && offset < file.size) this.#options.onProgress?.(offset);
    let isDone = offset === file.size && session.offset > 0;
    while (!isDone) {
      this.#options.signal?.throwIfAborted();
      const size = Math.min(file.partBytes, file.size - offset);
      const state = await this.#sendChunk(session.url, { file, offset, size });
      isDone = state === 'done';
      offset = state === 'done' ? file.size : state;
      if (!isDone) this.#options.onProgress?.(offset);
    }
    this.#options.onProgress?.(file.size);
  }

  async #resume(file: SourceFile): Promise<{ url: string; offset: number } | undefined> {
    const known = await this.#ledger.load(this.#key);
    if (!known) return undefined;
    if (known.uploadId !== '' && known.size === file.size) {
      const state = await this.#bucket.ask(
        () => this.#stateOf(known.uploadId, file.size),
        this.#options.signal,
      );
      if (state !== undefined) return { url: known.uploadId, offset: state === 'done' ? file.size : state };
    }
    await abandonSession(this.#key, { bucket: this.#bucket, ledger: this.#ledger });
    return undefined;
  }

  async #begin(file: SourceFile): Promise<string> {
    const metadata = { contentType: this.#options.type, contentLength: file.size };
    const [url] = await this.#bucket.ask(
      () => this.#bucket.bucket.file(this.#key).createResumableUpload({ metadata }),
      this.#options.signal,
    );
    await this.#ledger.save(this.#key, {
      uploadId: url,
      size: file.size,
      partBytes: file.partBytes,
      parts: [],
    });
    return url;
  }

  /** Gives the offset of the next one. Only Google knows what of a chunk arrived that failed. */
  async #sendChunk(
    url: string,
    { file, offset, size }: { file: SourceFile; offset: number; size: number },
  ): Promise<number | 'done'> {
    const { signal } = this.#options;
    const bytes = await file.read({ offset, size });
    let hasFailed = false;
    return this.#bucket.ask(async () => {
      if (hasFailed) {
        const state = await this.#stateOf(url, file.size);
        if (state === undefined) throw new Error('the upload expired while it was made');
        if (state !== offset) return state;
      }
      hasFailed = true;
      const range = size === 0 ? `bytes */${file.size}` : `bytes ${offset}-${offset + size - 1}/${file.size}`;
      const answer = await this.#bucket.send(
        { method: 'PUT', url, headers: { 'content-range': range }, body: bytes },
        { expected: [INCOMPLETE, ...DONE], ...(signal && { signal }) },
      );
      return DONE.includes(answer.status) ? 'done' : readOffset(answer.headers);
    }, signal);
  }

  /** Undefined when the session is over. */
  async #stateOf(url: string, size: number): Promise<number | 'done' | undefined> {
    const { signal } = this.#options;
    const { status, headers } = await this.#bucket.send(
      { method: 'PUT', url, headers: { 'content-range': `bytes */${size}` } },
      { expected: [INCOMPLETE, ...DONE, ...GONE], ...(signal && { signal }) },
    );
    if (GONE.includes(status)) return undefined;
    return DONE.includes(status) ? 'done' : readOffset(headers);
  }
}

/** Takes away what was begun for this key and is known to the ledger. Twice is no error. */
export async function abandonSession(key: string, { bucket, ledger }: GcsUploadParts): Promise<void> {
  const known = await ledger.load(key);
  if (!known) return;
  if (known.uploadId !== '') {
    const request = { method: 'DELETE', url: known.uploadId } as const;
    await bucket.ask(async () => {
      await bucket.send(request, { expected: [200, 204, ...GONE, ...DONE] }).catch((error: unknown) => {
        if (!GONE.includes(statusOf(error) ?? 0)) throw error;
      });
    });
  }
  await ledger.clear(key);
}

/** `bytes=0-524287`: what is there; no header when nothing is. */
function readOffset(headers: Headers): number {
  const [, last] = /^bytes=0-(\d+)$/.exec(headers.get('range') ?? '') ?? [];
  return last === undefined ? 0 : Number(last) + 1;
}
