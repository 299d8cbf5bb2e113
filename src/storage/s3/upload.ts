/** Brings a file into a bucket by parts, and goes on where an earlier process was cut off. */
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import type { PutOptions } from '../provider.ts';
import type { UnfinishedUpload, UploadedPart, UploadLedger } from '../uploads/ledger.ts';
import { type FilePart, type SourceFile, sha256Of } from '../uploads/source-file.ts';
import type { S3Bucket } from './bucket.ts';
import { isS3 } from './failures.ts';

/** What is known of an object once it is there. */
export interface Sent {
  readonly size: number;
  /** As the storage tells it of the whole object: base64, and of several parts that of their checksums. */
  readonly sha256: string;
}

export class S3Upload {
  readonly #bucket: S3Bucket;
  readonly #ledger: UploadLedger;
  readonly #key: string;
  readonly #options: PutOptions;

  constructor(key: string, options: PutOptions, parts: { bucket: S3Bucket; ledger: UploadLedger }) {
    this.#key = key;
    this.#options = options;
    this.#bucket = parts.bucket;
    this.#ledger = parts.ledger;
  }

  /** When it rejects, what has arrived stays for the next time, and the ledger knows of it. */
  async send(file: SourceFile): Promise<Sent> {
    return file.parts().length === 1 ? this.#sendAtOnce(file) : this.#sendByParts(file);
  }

  async #sendAtOnce(file: SourceFile): Promise<Sent> {
    const { signal, type, onProgress } = this.#options;
    const bytes = await file.read({ offset: 0, size: file.size });
    const sha256 = sha256Of(bytes);
    await this.#abandon();
    await this.#ask((client, abortSignal) =>
      client.send(
        new PutObjectCommand({ ...this.#target, Body: bytes, ContentType: type, ChecksumSHA256: sha256 }),
        abortSignal,
      ),
    );
    signal?.throwIfAborted();
    onProgress?.(file.size);
    return { size: file.size, sha256 };
  }

  async #sendByParts(file: SourceFile): Promise<Sent> {
    const upload = (await this.#resume(file)) ?? (await this.#begin(file));
    const parts = [...upload.parts];
    let done = parts.reduce((sum, { size }) => sum + size, 0);
    if (done > 0) this.#options.onProgress?.(done);
    const isThere = new Set(parts.map(({ number }) => number));
    for (const part of file.parts().filter(({ number }) => !isThere.has(number))) {
      this.#options.signal?.throwIfAborted();
      parts.push(await this.#sendPart(upload.uploadId, part, await file.read(part)));
      await this.#ledger.save(this.#key, { ...upload, parts });
      done += part.size;
      this.#options.onProgress?.(done);
    }
    this.#options.signal?.throwIfAborted();
    parts.sort((a, b) => a.number - b.number);
    await this.#complete(upload.uploadId, parts);
    const ofParts = Buffer.concat(parts.map(({ sha256 }) => Buffer.from(sha256, 'base64')));
    return { size: file.size, sha256: `${sha256Of(ofParts)}-${parts.length}` };
  }

  /** Undefined when there is nothing to go on with, and then nothing is left of it either. */
  async #resume(file: SourceFile): Promise<UnfinishedUpload | undefined> {
    const known = await this.#ledger.load(this.#key);
    if (!known) return undefined;
    const fits = known.uploadId !== '' && known.size === file.size && known.partBytes === file.partBytes;
    const there = fits ? await this.#partsThere(known.uploadId) : undefined;
    if (there) return { ...known, parts: await this.#fitting(file, known.parts, there) };
    await this.#abandon();
    return undefined;
  }

  /** Those that are there and of which the file has the same bytes: it may have been made anew. */
  async #fitting(
    file: SourceFile,
    known: readonly UploadedPart[],
    tags: ReadonlyMap<number, string>,
  ): Promise<UploadedPart[]> {
    const fitting: UploadedPart[] = [];
    for (const part of file.parts()) {
      const match = known.find(({ number, etag }) => number === part.number && tags.get(number) === etag);
      if (match && sha256Of(await file.read(part)) === match.sha256) fitting.push(match);
    }
    return fitting;
  }

  async #begin(file: SourceFile): Promise<UnfinishedUpload> {
    const upload = { uploadId: '', size: file.size, partBytes: file.partBytes, parts: [] };
    // First, so that an upload that is begun and not yet known can be found and taken away.
    await this.#ledger.save(this.#key, upload);
    const { UploadId } = await this.#ask((client, abortSignal) =>
      client.send(
        new CreateMultipartUploadCommand({
          ...this.#target,
          ContentType: this.#options.type,
          ChecksumAlgorithm: 'SHA256',
        }),
        abortSignal,
      ),
    );
    if (UploadId === undefined) throw new Error('the storage gave no id to an upload');
    const begun = { ...upload, uploadId: UploadId };
    await this.#ledger.save(this.#key, begun);
    return begun;
  }

  async #sendPart(uploadId: string, { number, size }: FilePart, bytes: Buffer): Promise<UploadedPart> {
    const sha256 = sha256Of(bytes);
    const command = new UploadPartCommand({
      ...this.#target,
      UploadId: uploadId,
      PartNumber: number,
      Body: bytes,
      ChecksumSHA256: sha256,
    });
    const { ETag } = await this.#ask((client, options) => client.send(command, options));
    return { number, size, sha256, etag: ETag ?? '' };
  }

  async #complete(uploadId: string, parts: readonly UploadedPart[]): Promise<void> {
    const command = new CompleteMultipartUploadCommand({
      ...this.#target,
      UploadId: uploadId,
      MultipartUpload: {
        Parts: parts.map(({ number, etag, sha256 }) => ({
          PartNumber: number,
          ETag: etag,
          ChecksumSHA256: sha256,
        })),
      },
    });
    await this.#ask((client, abortSignal) =>
      client.send(command, abortSignal).catch(async (error: unknown) => {
        // It was completed, and the answer was lost: whether it is the right one is verified afterwards.
        if (isS3(error, 'NoSuchUpload')) return;
        // What is not taken together now never will be: the next time begins anew.
        if (isS3(error, 'InvalidPart', 'InvalidPartOrder', 'EntityTooSmall')) await this.#abandon();
        throw error;
      }),
    );
  }

  /** Their tags by their numbers; undefined when the upload is not there any more. */
  async #partsThere(uploadId: string): Promise<Map<number, string> | undefined> {
    const found = new Map<number, string>();
    return this.#ask(async (client, options) => {
      try {
        // Not the paginator of the SDK: it goes on while there is a marker, and some tell one on the last page too.
        let marker: string | undefined;
        do {
          const {
            Parts = [],
            IsTruncated,
            NextPartNumberMarker,
          } = await client.send(
            new ListPartsCommand({ ...this.#target, UploadId: uploadId, PartNumberMarker: marker }),
            options,
          );
          for (const { PartNumber = 0, ETag = '' } of Parts) found.set(PartNumber, ETag);
          marker = IsTruncated ? NextPartNumberMarker : undefined;
        } while (marker !== undefined);
        return found;
      } catch (error) {
        if (isS3(error, 'NoSuchUpload')) return undefined;
        throw error;
      }
    });
  }

  #abandon(): Promise<void> {
    return abandonUpload(this.#key, { bucket: this.#bucket, ledger: this.#ledger });
  }

  get #target() {
    return { Bucket: this.#bucket.name, Key: this.#key };
  }

  #ask<T>(
    task: (client: S3Bucket['client'], options: { abortSignal?: AbortSignal }) => Promise<T>,
  ): Promise<T> {
    const { signal } = this.#options;
    return this.#bucket.ask(() => task(this.#bucket.client, signal ? { abortSignal: signal } : {}), signal);
  }
}

/** Takes away what was begun for this key and is known to the ledger. Twice is no error. */
export async function abandonUpload(
  key: string,
  { bucket, ledger }: { bucket: S3Bucket; ledger: UploadLedger },
): Promise<void> {
  if (!(await ledger.load(key))) return;
  await bucket.ask(async () => {
    const target = { Bucket: bucket.name, Key: key };
    // Some list an upload for a while after it was ended.
    const ended = new Set<string | undefined>();
    for (;;) {
      // By the whole key: MinIO lists no uploads by a part of it.
      const command = new ListMultipartUploadsCommand({ Bucket: bucket.name, Prefix: key });
      const { Uploads = [] } = await bucket.client.send(command);
      const own = Uploads.filter(({ Key, UploadId }) => Key === key && !ended.has(UploadId));
      if (own.length === 0) return;
      for (const { UploadId } of own) {
        await bucket.client
          .send(new AbortMultipartUploadCommand({ ...target, UploadId }))
          .catch(ignoreMissing);
        ended.add(UploadId);
      }
    }
  });
  await ledger.clear(key);
}

function ignoreMissing(error: unknown): void {
  if (!isS3(error, 'NoSuchUpload')) throw error;
}
