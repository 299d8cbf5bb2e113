/**
 * Objects in a store of Vercel Blob, always private. Each lies in a folder that is called like its key, under a name with a
 * random suffix: `calls/…/recording.mp4` is `calls/…/recording.mp4/recording-x7Zq….mp4`.
 */
import { BlobNotFoundError, del, head, list } from '@vercel/blob';
import type { VercelBlobStorageConfig } from '../../config/index.ts';
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
import { checkRange, deleteListed, notFound, outOfRange, pageSize } from '../rules.ts';
import { tryOut } from '../try-out.ts';
import type { UploadLedger } from '../uploads/ledger.ts';
import { Puts } from '../uploads/puts.ts';
import { readsBackAs } from '../uploads/read-back.ts';
import type { SourceFile } from '../uploads/source-file.ts';
import { RefusedDownload } from './failures.ts';
import { VercelBlobStore } from './store.ts';
import { abandonUpload, VercelBlobUpload } from './upload.ts';

interface Found {
  readonly url: string;
  readonly object: StoredObject;
}

export class VercelBlobStorage implements StorageProvider {
  readonly name = 'vercel-blob';
  readonly #store: VercelBlobStore;
  readonly #ledger: UploadLedger;
  readonly #timeoutMs: number;
  readonly #puts = new Puts();

  constructor(config: VercelBlobStorageConfig, ledger: UploadLedger) {
    this.#store = new VercelBlobStore(config);
    this.#ledger = ledger;
    this.#timeoutMs = config.timeoutMs;
  }

  put(key: string, path: string, options: PutOptions): Promise<StoredObject> {
    return this.#puts.run({ key, path, signal: options.signal }, async (file) => {
      const url = await new VercelBlobUpload(key, options, this.#parts).send(file);
      await this.#ledger.clear(key);
      return this.#verify(key, url, file);
    });
  }

  async head(key: string): Promise<StoredObject | undefined> {
    return (await this.#findNewest(checkKey(key)))?.object;
  }

  async get(key: string, range?: ByteRange): Promise<ReadableStream<Uint8Array>> {
    checkKey(key);
    if (range) checkRange(range);
    const found = await this.#findNewest(key);
    if (!found) throw notFound();
    return this.#read(found.url, range);
  }

  /** In the order of the names in the store: one key that begins with another may come before it. */
  async list(prefix: string, { cursor, limit }: ListOptions = {}): Promise<ObjectPage> {
    checkPrefix(prefix);
    const page = await this.#store.ask((call) =>
      list({ ...call, prefix, limit: pageSize(limit), ...(cursor !== undefined && { cursor }) }),
    );
    const objects = new Map<string, StoredObject>();
    for (const blob of page.blobs) {
      const { object } = toFound(blob);
      if (object.key.startsWith(prefix)) objects.set(object.key, object);
    }
    const next = page.hasMore ? page.cursor : undefined;
    return { objects: [...objects.values()], ...(next !== undefined && { cursor: next }) };
  }

  async delete(key: string): Promise<void> {
    checkKey(key);
    await this.#puts.after(key, async () => {
      await abandonUpload(key, this.#parts);
      await this.#remove(await this.#find(key));
    });
  }

  async deleteAll(prefix: string): Promise<void> {
    await deleteListed(this, prefix);
    for (const key of await this.#ledger.keys(prefix)) await this.delete(key);
  }

  /** The server hands the bytes out: an address of Vercel could not be given the name that a file is to be kept under. */
  async signedUrl(key: string): Promise<undefined> {
    checkKey(key);
  }

  check(): Promise<void> {
    return tryOut(this);
  }

  close(): Promise<void> {
    return this.#puts.idle();
  }

  get #parts() {
    return { store: this.#store, ledger: this.#ledger };
  }

  async #read(url: string, range?: ByteRange): Promise<ReadableStream<Uint8Array>> {
    const response = await this.#store.ask((call) =>
      this.#store.download(url, call, range).catch((error: unknown) => {
        const status = error instanceof RefusedDownload ? error.status : undefined;
        if (status === 404) throw notFound();
        throw status === 416 ? outOfRange() : error;
      }),
    );
    return readSteadily(response.body ?? new Blob().stream(), {
      timeoutMs: this.#timeoutMs,
      explain: (error) => this.#store.explain(error) ?? error,
      place: this.#store.place,
    });
  }

  /** What was sent takes the place of what was there, once it is known to be right. */
  async #verify(key: string, url: string, file: SourceFile): Promise<StoredObject> {
    const sent = await this.#describe(url);
    const isSame =
      sent?.object.size === file.size && (await readsBackAs(file, (range) => this.#read(url, range)));
    const found = await this.#find(key);
    await this.#remove(isSame ? found.filter((one) => one.url !== url) : sent ? [sent] : []);
    if (!sent || !isSame) throw destinationError('damaged', { place: this.#store.place });
    return sent.object;
  }

  #describe(url: string): Promise<Found | undefined> {
    return this.#store.ask(async (call) => {
      try {
        return toFound(await head(url, call));
      } catch (error) {
        if (error instanceof BlobNotFoundError) return undefined;
        throw error;
      }
    });
  }

  async #findNewest(key: string): Promise<Found | undefined> {
    const found = await this.#find(key);
    return found.toSorted((a, b) => b.object.modifiedAt.getTime() - a.object.modifiedAt.getTime())[0];
  }

  /** Several when a process was killed before it took the older ones away. */
  async #find(key: string): Promise<Found[]> {
    const { blobs } = await this.#store.ask((call) => list({ ...call, prefix: `${key}/` }));
    return blobs.map(toFound).filter(({ object }) => object.key === key);
  }

  async #remove(found: readonly Found[]): Promise<void> {
    if (found.length > 0)
      await this.#store.ask((call) =>
        del(
          found.map(({ url }) => url),
          call,
        ),
      );
  }
}

function toFound({
  url,
  pathname,
  size,
  uploadedAt,
}: {
  url: string;
  pathname: string;
  size: number;
  uploadedAt: Date;
}): Found {
  const key = pathname.slice(0, Math.max(0, pathname.lastIndexOf('/')));
  return { url, object: { key, size, type: undefined, modifiedAt: uploadedAt } };
}
