/** Objects in a bucket of Google Cloud Storage. */
import type { GcsStorageConfig } from '../../config/index.ts';
import { destinationError } from '../destination.ts';
import { checkKey, checkPrefix } from '../key.ts';
import type {
  ByteRange,
  ListOptions,
  ObjectPage,
  PutOptions,
  StorageProvider,
  StoredObject,
} from '../provider.ts';
import { readSteadily } from '../read-steadily.ts';
import { attachment, checkRange, deleteListed, notFound, outOfRange, pageSize } from '../rules.ts';
import { tryOut } from '../try-out.ts';
import type { UploadLedger } from '../uploads/ledger.ts';
import { Puts } from '../uploads/puts.ts';
import type { SourceFile } from '../uploads/source-file.ts';
import { GcsBucket } from './bucket.ts';
import { Crc32c } from './crc32c.ts';
import { statusOf } from './failures.ts';
import { abandonSession, GcsUpload } from './upload.ts';

const WHOLE = 200;
const PART = 206;
const NOT_FOUND = 404;
const OUT_OF_RANGE = 416;

export class GcsStorage implements StorageProvider {
  readonly name = 'gcs';
  readonly #bucket: GcsBucket;
  readonly #ledger: UploadLedger;
  readonly #config: GcsStorageConfig;
  readonly #puts = new Puts();

  constructor(config: GcsStorageConfig, ledger: UploadLedger) {
    this.#config = config;
    this.#bucket = new GcsBucket(config);
    this.#ledger = ledger;
  }

  put(key: string, path: string, options: PutOptions): Promise<StoredObject> {
    return this.#puts.run({ key, path, signal: options.signal }, async (file) => {
      await new GcsUpload(key, options, this.#parts).send(file);
      return this.#verify(key, file);
    });
  }

  async head(key: string): Promise<StoredObject | undefined> {
    return (await this.#describe(checkKey(key)))?.object;
  }

  async get(key: string, range?: ByteRange): Promise<ReadableStream<Uint8Array>> {
    checkKey(key);
    if (range) checkRange(range);
    const { data } = await this.#bucket.ask(async () => {
      const headers = range && { range: `bytes=${range.start}-${range.end}` };
      const request = { method: 'GET', url: this.#bucket.mediaUrl(key), responseType: 'stream' } as const;
      const answer = { expected: [WHOLE, PART] };
      return this.#bucket
        .send({ ...request, ...(headers && { headers }) }, answer)
        .catch((error: unknown) => {
          if (statusOf(error) === NOT_FOUND) throw notFound();
          throw statusOf(error) === OUT_OF_RANGE ? outOfRange() : error;
        });
    });
    if (!(data instanceof ReadableStream)) throw new Error('the storage gave no bytes');
    return readSteadily(data, {
      timeoutMs: this.#config.timeoutMs,
      explain: (error) => this.#bucket.explain(error) ?? error,
      place: this.#bucket.place,
    });
  }

  async list(prefix: string, { cursor, limit }: ListOptions = {}): Promise<ObjectPage> {
    checkPrefix(prefix);
    return this.#bucket.ask(async () => {
      const [files, next] = await this.#bucket.bucket.getFiles({
        prefix,
        maxResults: pageSize(limit),
        autoPaginate: false,
        ...(cursor !== undefined && { pageToken: cursor }),
      });
      const objects = files.map(({ name, metadata }) => toObject(name, metadata));
      const token = next && 'pageToken' in next ? next.pageToken : undefined;
      return typeof token === 'string' ? { objects, cursor: token } : { objects };
    });
  }

  async delete(key: string): Promise<void> {
    checkKey(key);
    await this.#puts.after(key, async () => {
      await abandonSession(key, this.#parts);
      await this.#remove(key);
    });
  }

  async deleteAll(prefix: string): Promise<void> {
    await deleteListed(this, prefix);
    for (const key of await this.#ledger.keys(prefix)) await this.delete(key);
  }

  /** Without a key of our own nothing can be signed here, and the server hands the bytes out. */
  async signedUrl(
    key: string,
    { expiresInSeconds, downloadName }: { readonly expiresInSeconds: number; readonly downloadName?: string },
  ): Promise<string | undefined> {
    checkKey(key);
    if (this.#config.keyFile === undefined) return undefined;
    const [url] = await this.#bucket.ask(() =>
      this.#bucket.bucket.file(key).getSignedUrl({
        version: 'v4',
        action: 'read',
        expires: Date.now() + expiresInSeconds * 1_000,
        ...(downloadName !== undefined && { responseDisposition: attachment(downloadName) }),
      }),
    );
    return url;
  }

  check(): Promise<void> {
    return tryOut(this);
  }

  close(): Promise<void> {
    return this.#puts.idle();
  }

  get #parts() {
    return { bucket: this.#bucket, ledger: this.#ledger };
  }

  /** What is there and is not what was sent is taken away. */
  async #verify(key: string, file: SourceFile): Promise<StoredObject> {
    const there = await this.#describe(key);
    const isSame = there?.object.size === file.size && there.crc32c === (await crc32cOf(file));
    if (!isSame) await this.#remove(key);
    await this.#ledger.clear(key);
    if (!isSame) throw destinationError('damaged', { place: this.#bucket.place });
    return there.object;
  }

  async #describe(key: string): Promise<{ object: StoredObject; crc32c: string | undefined } | undefined> {
    return this.#bucket.ask(async () => {
      try {
        const [metadata] = await this.#bucket.bucket.file(key).getMetadata();
        return { object: toObject(key, metadata), crc32c: metadata.crc32c };
      } catch (error) {
        if (statusOf(error) === NOT_FOUND) return undefined;
        throw error;
      }
    });
  }

  async #remove(key: string): Promise<void> {
    await this.#bucket.ask(() => this.#bucket.bucket.file(key).delete({ ignoreNotFound: true }));
  }
}

async function crc32cOf(file: SourceFile): Promise<string> {
  const crc = new Crc32c();
  for (const part of file.parts()) crc.update(await file.read(part));
  return crc.digest();
}

function toObject(
  key: string,
  { size, contentType, updated }: { size?: string | number; contentType?: string; updated?: string },
): StoredObject {
  return { key, size: Number(size), type: contentType, modifiedAt: new Date(updated ?? 0) };
}
