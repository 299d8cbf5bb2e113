/** The operations of an S3 that the stand-in knows: which one a request is, and what it is answered. */
import type { IncomingHttpHeaders } from 'node:http';
import type { Body } from './body.ts';
import type { BucketContents, NamedPart, StoredBytes } from './bucket-contents.ts';
import { S3Error } from './s3-error.ts';
import { readElements, unescapeXml, writeXml } from './xml.ts';

export interface Request {
  readonly method: string;
  readonly key: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: Body;
  readonly contents: BucketContents;
  /** Small, so that lists of parts have several pages. */
  readonly partsPerPage: number;
  readonly tellsChecksums: boolean;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export type OperationName =
  | 'HeadBucket'
  | 'ListObjects'
  | 'ListUploads'
  | 'PutObject'
  | 'GetObject'
  | 'HeadObject'
  | 'DeleteObject'
  | 'CreateUpload'
  | 'UploadPart'
  | 'ListParts'
  | 'CompleteUpload'
  | 'AbortUpload';

/** Throws for what is no operation that is known. */
export function nameOperation({
  method,
  key,
  query,
}: Pick<Request, 'method' | 'key' | 'query'>): OperationName {
  const has = (name: string) => query.has(name);
  const kind = [
    method,
    key === '' ? 'bucket' : 'object',
    has('uploads') ? 'uploads' : has('uploadId') ? 'upload' : '',
  ];
  const found = OPERATIONS_BY_KIND[kind.filter(Boolean).join(' ')];
  if (!found) throw new S3Error('NotImplemented', 501);
  return found;
}

const OPERATIONS_BY_KIND: Readonly<Record<string, OperationName>> = {
  'HEAD bucket': 'HeadBucket',
  'GET bucket': 'ListObjects',
  'GET bucket uploads': 'ListUploads',
  'PUT object': 'PutObject',
  'GET object': 'GetObject',
  'HEAD object': 'HeadObject',
  'DELETE object': 'DeleteObject',
  'POST object uploads': 'CreateUpload',
  'PUT object upload': 'UploadPart',
  'GET object upload': 'ListParts',
  'POST object upload': 'CompleteUpload',
  'DELETE object upload': 'AbortUpload',
};

export const OPERATIONS: Readonly<Record<OperationName, (request: Request) => Answer>> = {
  HeadBucket: () => empty(200),
  ListObjects: listObjects,
  ListUploads: ({ contents, query }) => {
    const prefix = query.get('prefix') ?? '';
    const uploads = [...contents.uploads.values()].filter(({ key }) => key.startsWith(prefix));
    const Upload = uploads.map(({ id, key }) => ({
      Key: key,
      UploadId: id,
      Initiated: new Date().toISOString(),
    }));
    return xml('ListMultipartUploadsResult', { IsTruncated: 'false', Upload });
  },
  PutObject: ({ contents, key, body, headers, tellsChecksums }) => {
    const sha256 = body.checksums.get('x-amz-checksum-sha256');
    const { etag } = contents.put(key, {
      bytes: body.bytes,
      type: headers['content-type'] ?? 'binary/octet-stream',
      sha256,
    });
    return empty(200, {
      etag,
      ...(tellsChecksums && sha256 !== undefined && { 'x-amz-checksum-sha256': sha256 }),
    });
  },
  GetObject: getObject,
  HeadObject: ({ contents, key, headers, tellsChecksums }) => {
    const stored = contents.get(key);
    const isAsked =
      tellsChecksums && headers['x-amz-checksum-mode'] === 'ENABLED' && stored.sha256 !== undefined;
    return empty(200, {
      ...describe(stored),
      ...(isAsked && { 'x-amz-checksum-sha256': stored.sha256 }),
      'content-length': String(stored.bytes.length),
    });
  },
  DeleteObject: ({ contents, key }) => {
    contents.objects.delete(key);
    return empty(204);
  },
  CreateUpload: ({ contents, key, headers }) => {
    const { id } = contents.begin(key, headers['content-type'] ?? 'binary/octet-stream');
    return xml('InitiateMultipartUploadResult', { Bucket: 'bucket', Key: key, UploadId: id });
  },
  UploadPart: ({ contents, key, query, body }) => {
    const upload = contents.upload(key, query.get('uploadId'));
    const { etag, sha256 } = contents.addPart(upload, Number(query.get('partNumber')), body.bytes);
    return empty(200, { etag, 'x-amz-checksum-sha256': sha256 });
  },
  ListParts: ({ contents, key, query, partsPerPage }) => {
    const { parts } = contents.upload(key, query.get('uploadId'));
    const marker = Number(query.get('part-number-marker') ?? 0);
    const left = [...parts.values()]
      .filter(({ number }) => number > marker)
      .toSorted((a, b) => a.number - b.number);
    const page = left.slice(0, partsPerPage);
    return xml('ListPartsResult', {
      IsTruncated: String(left.length > page.length),
      NextPartNumberMarker: page.at(-1)?.number ?? 0,
      Part: page.map(({ number, etag, bytes }) => ({ PartNumber: number, ETag: etag, Size: bytes.length })),
    });
  },
  CompleteUpload: ({ contents, key, query, body }) => {
    const upload = contents.upload(key, query.get('uploadId'));
    const { etag } = contents.complete(upload, readParts(body.bytes.toString()));
    return xml('CompleteMultipartUploadResult', { Bucket: 'bucket', Key: key, ETag: etag });
  },
  AbortUpload: ({ contents, key, query }) => {
    contents.uploads.delete(contents.upload(key, query.get('uploadId')).id);
    return empty(204);
  },
};

function listObjects({ contents, query }: Request): Answer {
  if (query.get('list-type') !== '2') throw new S3Error('NotImplemented', 501);
  const token = query.get('continuation-token');
  const after = token === null ? '' : Buffer.from(token, 'base64url').toString();
  const limit = Math.min(1_000, Number(query.get('max-keys') ?? 1_000));
  const keys = [...contents.objects.keys()]
    .filter((key) => key.startsWith(query.get('prefix') ?? '') && key > after)
    .toSorted();
  const page = keys.slice(0, limit);
  const isTruncated = keys.length > page.length;
  return xml('ListBucketResult', {
    IsTruncated: String(isTruncated),
    KeyCount: page.length,
    ...(isTruncated && { NextContinuationToken: Buffer.from(page.at(-1) ?? '').toString('base64url') }),
    Contents: page.map((key) => {
      const { bytes, etag, modifiedAt } = contents.get(key);
      return { Key: key, Size: bytes.length, ETag: etag, LastModified: modifiedAt.toISOString() };
    }),
  });
}

function getObject({ contents, key, headers, query }: Request): Answer {
  const stored = contents.get(key);
  const disposition = query.get('response-content-disposition');
  const common = { ...describe(stored), ...(disposition !== null && { 'content-disposition': disposition }) };
  const [, first, last] = /^bytes=(\d+)-(\d*)$/.exec(headers.range ?? '') ?? [];
  if (first === undefined) return { status: 200, headers: common, body: stored.bytes };
  const start = Number(first);
  const end = last ? Math.min(Number(last), stored.bytes.length - 1) : stored.bytes.length - 1;
  if (start >= stored.bytes.length) throw new S3Error('InvalidRange', 416);
  return {
    status: 206,
    headers: { ...common, 'content-range': `bytes ${start}-${end}/${stored.bytes.length}` },
    body: stored.bytes.subarray(start, end + 1),
  };
}

function describe({ type, etag, modifiedAt }: StoredBytes): Record<string, string> {
  return { 'content-type': type, etag, 'last-modified': modifiedAt.toUTCString(), 'accept-ranges': 'bytes' };
}

function readParts(text: string): NamedPart[] {
  return readElements(text, 'Part').map((part) => {
    const [number, etag, sha256] = ['PartNumber', 'ETag', 'ChecksumSHA256'].map(
      (name) => readElements(part, name)[0],
    );
    return { number: Number(number), etag: unescapeXml(etag ?? ''), sha256 };
  });
}

function empty(status: number, headers: Record<string, string> = {}): Answer {
  return { status, headers, body: Buffer.alloc(0) };
}

function xml(name: string, content: Parameters<typeof writeXml>[1]): Answer {
  return {
    status: 200,
    headers: { 'content-type': 'application/xml' },
    body: Buffer.from(writeXml(name, content)),
  };
}
