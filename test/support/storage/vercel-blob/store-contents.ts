/** What a store of Vercel Blob holds: blobs, each at an address of its own, and uploads by parts that are not finished. */
import { randomBytes } from 'node:crypto';
import { BlobRefusal } from './blob-refusal.ts';

const MIN_PART_BYTES = 5 * 1_024 * 1_024;

export interface Blob {
  readonly pathname: string;
  readonly bytes: Buffer;
  readonly type: string;
  readonly uploadedAt: Date;
}

interface Part {
  readonly bytes: Buffer;
  readonly etag: string;
}

interface Upload {
  /** What the blob is going to be called. */
  readonly pathname: string;
  /** What it was to be called. */
  readonly wished: string;
  readonly type: string;
  readonly parts: Map<number, Part>;
}

export interface NamedPart {
  readonly partNumber: number;
  readonly etag: string;
}

export class StoreContents {
  readonly blobs = new Map<string, Blob>();
  readonly #uploads = new Map<string, Upload>();

  /** What the blobs of uploads are going to be called of which something arrived. */
  get unfinished(): string[] {
    return [...this.#uploads.values()].filter(({ parts }) => parts.size > 0).map(({ pathname }) => pathname);
  }

  add(wished: string, { bytes, type }: { bytes: Buffer; type: string }): Blob {
    return this.#keep({ pathname: withSuffix(wished), bytes, type });
  }

  begin(wished: string, type: string): { uploadId: string; key: string } {
    const uploadId = crypto.randomUUID();
    const pathname = withSuffix(wished);
    this.#uploads.set(uploadId, { pathname, wished, type, parts: new Map() });
    return { uploadId, key: pathname };
  }

  addPart(upload: Upload, number: number, bytes: Buffer): { etag: string } {
    if (!(number >= 1 && number <= 10_000)) throw new BlobRefusal('bad_request');
    const etag = `"${new Bun.CryptoHasher('md5').update(bytes).digest('hex')}"`;
    upload.parts.set(number, { bytes, etag });
    return { etag };
  }

  upload(wished: string, { uploadId, key }: { uploadId: string; key: string }): Upload {
    const upload = this.#uploads.get(uploadId);
    if (upload?.wished !== wished || upload.pathname !== key) throw new BlobRefusal('not_found');
    return upload;
  }

  complete(upload: Upload, named: readonly NamedPart[]): Blob {
    if (named.length === 0) throw new BlobRefusal('bad_request');
    if (named.some(({ partNumber }, index) => partNumber <= (named[index - 1]?.partNumber ?? 0)))
      throw new BlobRefusal('bad_request');
    const parts = named.map(({ partNumber, etag }) => {
      const part = upload.parts.get(partNumber);
      if (part?.etag !== etag) throw new BlobRefusal('bad_request');
      return part.bytes;
    });
    if (parts.slice(0, -1).some(({ length }) => length < MIN_PART_BYTES))
      throw new BlobRefusal('bad_request');
    for (const [id, other] of this.#uploads) if (other === upload) this.#uploads.delete(id);
    return this.#keep({ pathname: upload.pathname, bytes: Buffer.concat(parts), type: upload.type });
  }

  #keep(content: Pick<Blob, 'pathname' | 'bytes' | 'type'>): Blob {
    const blob = { ...content, uploadedAt: new Date() };
    this.blobs.set(blob.pathname, blob);
    return blob;
  }
}

/** Before the extension, as Vercel does. */
function withSuffix(pathname: string): string {
  const suffix = randomBytes(15).toString('hex');
  const [, stem = pathname, extension = ''] = /^(.*[^/])(\.[^./]+)$/.exec(pathname) ?? [];
  return `${stem}-${suffix}${extension}`;
}
