/** Objects in a bucket of an S3, or of what speaks as one. */
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import type { S3StorageConfig } from '../../config/index.ts';
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
import { readsBackAs } from '../uploads/read-back.ts';
import type { SourceFile } from '../uploads/source-file.ts';
import { S3Bucket } from './bucket.ts';
import { isS3 } from './failures.ts';
import { abandonUpload, S3Upload, type Sent } from './upload.ts';

export class S3Storage implements StorageProvider {
  readonly name = 's3';
  readonly #bucket: S3Bucket;
  readonly #ledger: UploadLedger;
  readonly #timeoutMs: number;
  readonly #puts = new Puts();

  constructor(config: S3StorageConfig, ledger: UploadLedger) {
    this.#bucket = new S3Bucket(config);
    this.#ledger = ledger;
    this.#timeoutMs = config.timeoutMs;
  }

  put(key: string, path: string, options: PutOptions): Promise<StoredObject> {
    return this.#puts.run({ key, path, signal: options.signal }, async (file) => {
      const upload = new S3Upload(key, options, { bucket: this.#bucket, ledger: this.#ledger });
      const stored = await this.#verify(key, file, await upload.send(file));
      // A request to begin whose answer was lost may have begun a second one.
      await abandonUpload(key, { bucket: this.#bucket, ledger: this.#ledger });
      return stored;
    });
  }

  async head(key: string): Promise<StoredObject | undefined> {
    return (await this.#describe(checkKey(key)))?.object;
  }

  async get(key: string, range?: ByteRange): Promise<ReadableStream<Uint8Array>> {
    checkKey(key);
    if (range) checkRange(range);
    return this.#bucket.ask(async () => {
      const command = new GetObjectCommand({
        Bucket: this.#bucket.name,
        Key: key,
        ...(range && { Range: `bytes=${range.start}-${range.end}` }),
      });
      const { Body } = await this.#bucket.client.send(command).catch((error: unknown) => {
        if (isS3(error, 'NoSuchKey', 'NotFound')) throw notFound();
        throw isS3(error, 'InvalidRange') ? outOfRange() : error;
      });
      if (!Body) throw new Error('the storage gave no bytes');
      return readSteadily(Body.transformToWebStream(), {
        timeoutMs: this.#timeoutMs,
        explain: (error) => this.#bucket.explain(error) ?? error,
        place: this.#bucket.place,
      });
    });
  }

  async list(prefix: string, { cursor, limit }: ListOptions = {}): Promise<ObjectPage> {
    checkPrefix(prefix);
    return this.#bucket.ask(async () => {
      const { Contents = [], NextContinuationToken } = await this.#bucket.client.send(
        new ListObjectsV2Command({
          Bucket: this.#bucket.name,
          Prefix: prefix,
          MaxKeys: pageSize(limit),
          ...(cursor !== undefined && { ContinuationToken: cursor }),
        }),
      );
      const objects = Contents.map(({ Key = '', Size = 0, LastModified = new Date(0) }) => {
        return { key: Key, size: Size, type: undefined, modifiedAt: LastModified };
      });
      return NextContinuationToken === undefined ? { objects } : { objects, cursor: NextContinuationToken };
    });
  }

  async delete(key: string): Promise<void> {
    checkKey(key);
    await this.#puts.after(key, async () => {
      await abandonUpload(key, { bucket: this.#bucket, ledger: this.#ledger });
      await this.#remove(key);
    });
  }

  async deleteAll(prefix: string): Promise<void> {
    await deleteListed(this, prefix);
    for (const key of await this.#ledger.keys(prefix)) await this.delete(key);
  }

  async signedUrl(
    key: string,
    { expiresInSeconds, downloadName }: { readonly expiresInSeconds: number; readonly downloadName?: string },
  ): Promise<string> {
    const command = new GetObjectCommand({
      Bucket: this.#bucket.name,
      Key: checkKey(key),
      ...(downloadName !== undefined && { ResponseContentDisposition: attachment(downloadName) }),
    });
    return this.#bucket.ask(() =>
      getSignedUrl(this.#bucket.publicClient, command, { expiresIn: expiresInSeconds }),
    );
  }

  check(): Promise<void> {
    return tryOut(this);
  }

  async close(): Promise<void> {
    await this.#puts.idle();
    this.#bucket.close();
  }

  /** What is there and is not what was sent is taken away. */
  async #verify(key: string, file: SourceFile, sent: Sent): Promise<StoredObject> {
    const there = await this.#describe(key);
    if (there && (await this.#isSame(there, file, sent))) return there.object;
    await this.#remove(key);
    await this.#ledger.clear(key);
    throw destinationError('damaged', { place: this.#bucket.place });
  }

  async #isSame(there: Described, file: SourceFile, sent: Sent): Promise<boolean> {
    if (there.object.size !== sent.size) return false;
    if (there.sha256 !== undefined) return there.sha256 === sent.sha256;
    return readsBackAs(file, (range) => this.get(there.object.key, range));
  }

  async #describe(key: string): Promise<Described | undefined> {
    return this.#bucket.ask(async () => {
      try {
        const found = await this.#bucket.client.send(
          new HeadObjectCommand({ Bucket: this.#bucket.name, Key: key, ChecksumMode: 'ENABLED' }),
        );
        const { ContentLength = 0, ContentType, LastModified = new Date(0), ChecksumSHA256 } = found;
        return {
          object: { key, size: ContentLength, type: ContentType, modifiedAt: LastModified },
          sha256: ChecksumSHA256,
        };
      } catch (error) {
        if (isS3(error, 'NotFound', 'NoSuchKey')) return undefined;
        throw error;
      }
    });
  }

  async #remove(key: string): Promise<void> {
    await this.#bucket.ask(() =>
      this.#bucket.client.send(new DeleteObjectCommand({ Bucket: this.#bucket.name, Key: key })),
    );
  }
}

interface Described {
  readonly object: StoredObject;
  readonly sha256: string | undefined;
}
