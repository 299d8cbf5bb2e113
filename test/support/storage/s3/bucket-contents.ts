/** What one bucket of the stand-in holds: objects and unfinished uploads. */
import { digest } from './body.ts';
import { S3Error } from './s3-error.ts';

export interface StoredBytes {
  readonly bytes: Buffer;
  readonly type: string;
  readonly etag: string;
  /** As it is told: of several parts that of their checksums. */
  readonly sha256: string | undefined;
  readonly modifiedAt: Date;
}

export interface StoredPart {
  readonly number: number;
  readonly bytes: Buffer;
  readonly etag: string;
  readonly sha256: string;
}

export interface Upload {
  readonly id: string;
  readonly key: string;
  readonly type: string;
  readonly parts: Map<number, StoredPart>;
}

/** How a client names a part when it completes an upload. */
export interface NamedPart {
  readonly number: number;
  readonly etag: string;
  readonly sha256: string | undefined;
}

const MIN_PART_BYTES = 5 * 1_024 * 1_024;

export class BucketContents {
  readonly objects = new Map<string, StoredBytes>();
  readonly uploads = new Map<string, Upload>();

  put(
    key: string,
    { bytes, type, sha256 }: { bytes: Buffer; type: string; sha256: string | undefined },
  ): StoredBytes {
    const stored = { bytes, type, sha256, etag: `"${digest('md5', bytes, 'hex')}"`, modifiedAt: new Date() };
    this.objects.set(key, stored);
    return stored;
  }

  get(key: string): StoredBytes {
    const found = this.objects.get(key);
    if (!found) throw new S3Error('NoSuchKey', 404);
    return found;
  }

  begin(key: string, type: string): Upload {
    const upload: Upload = { id: crypto.randomUUID(), key, type, parts: new Map() };
    this.uploads.set(upload.id, upload);
    return upload;
  }

  upload(key: string, id: string | null): Upload {
    const upload = this.uploads.get(id ?? '');
    if (upload?.key !== key) throw new S3Error('NoSuchUpload', 404);
    return upload;
  }

  addPart(upload: Upload, number: number, bytes: Buffer): StoredPart {
    if (!(number >= 1 && number <= 10_000)) throw new S3Error('InvalidArgument');
    const part = {
      number,
      bytes,
      etag: `"${digest('md5', bytes, 'hex')}"`,
      sha256: digest('sha256', bytes, 'base64'),
    };
    upload.parts.set(number, part);
    return part;
  }

  complete(upload: Upload, named: readonly NamedPart[]): StoredBytes {
    if (named.length === 0) throw new S3Error('MalformedXML');
    if (named.some(({ number }, index) => number <= (named[index - 1]?.number ?? 0)))
      throw new S3Error('InvalidPartOrder');
    const parts = named.map(({ number, etag, sha256 }) => {
      const part = upload.parts.get(number);
      if (part?.etag !== etag || (sha256 !== undefined && sha256 !== part.sha256))
        throw new S3Error('InvalidPart');
      return part;
    });
    if (parts.slice(0, -1).some(({ bytes }) => bytes.length < MIN_PART_BYTES))
      throw new S3Error('EntityTooSmall');
    const stored = {
      bytes: Buffer.concat(parts.map(({ bytes }) => bytes)),
      type: upload.type,
      etag: `"${digest('md5', Buffer.concat(parts.map(({ etag }) => Buffer.from(etag.slice(1, -1), 'hex'))), 'hex')}-${parts.length}"`,
      sha256: `${digest('sha256', Buffer.concat(parts.map(({ sha256 }) => Buffer.from(sha256, 'base64'))), 'base64')}-${parts.length}`,
      modifiedAt: new Date(),
    };
    this.objects.set(upload.key, stored);
    this.uploads.delete(upload.id);
    return stored;
  }
}
