/** The body of a request to an S3: read, taken out of its chunks, and held against every checksum that it brings. */
import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { crc32 } from 'node:zlib';
import { S3Error } from './s3-error.ts';

export interface Body {
  readonly bytes: Buffer;
  /** By the name of the header, lower case: `x-amz-checksum-sha256`. */
  readonly checksums: ReadonlyMap<string, string>;
}

const TRAILER = 'STREAMING-UNSIGNED-PAYLOAD-TRAILER';
const PREFIX = 'x-amz-checksum-';

export async function readBody(request: IncomingMessage): Promise<Body> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece);
  const raw = Buffer.concat(pieces);
  const { headers } = request;
  const declared = headers['x-amz-content-sha256'];
  const isChunked = declared === TRAILER;
  if (typeof declared === 'string' && declared.startsWith('STREAMING-') && !isChunked)
    throw new S3Error('NotImplemented', 501);
  const { bytes, trailers } = isChunked ? unchunk(raw) : { bytes: raw, trailers: new Map<string, string>() };
  if (isChunked) {
    if (Number(headers['x-amz-decoded-content-length']) !== bytes.length) throw new S3Error('IncompleteBody');
    const promised = String(headers['x-amz-trailer'] ?? '')
      .split(',')
      .filter(Boolean);
    if (!promised.every((name) => trailers.has(name.trim()))) throw new S3Error('MalformedTrailerError');
  } else if (declared !== undefined && declared !== 'UNSIGNED-PAYLOAD') {
    if (digest('sha256', bytes, 'hex') !== declared) throw new S3Error('XAmzContentSHA256Mismatch');
  }
  const md5 = headers['content-md5'];
  if (md5 !== undefined && digest('md5', bytes, 'base64') !== md5) throw new S3Error('BadDigest');
  const sent = Object.entries(headers).filter(
    ([name]) =>
      name.startsWith(PREFIX) &&
      name !== `${PREFIX}algorithm` &&
      name !== `${PREFIX}type` &&
      name !== `${PREFIX}mode`,
  );
  const checksums = new Map([...sent.map(([name, value]) => [name, String(value)] as const), ...trailers]);
  for (const [name, value] of checksums) {
    if (checksumOf(name, bytes) !== value) throw new S3Error('XAmzContentChecksumMismatch');
  }
  return { bytes, checksums };
}

/** `size[;extensions]\r\n bytes \r\n … 0\r\n trailer:value\r\n \r\n` */
function unchunk(raw: Buffer): { bytes: Buffer; trailers: Map<string, string> } {
  const pieces: Buffer[] = [];
  let position = 0;
  const readLine = () => {
    const end = raw.indexOf('\r\n', position);
    if (end < 0) throw new S3Error('IncompleteBody');
    const line = raw.toString('latin1', position, end);
    position = end + 2;
    return line;
  };
  for (;;) {
    const size = Number.parseInt(readLine(), 16);
    if (!(size >= 0)) throw new S3Error('InvalidChunkSizeError');
    if (size === 0) break;
    if (raw.toString('latin1', position + size, position + size + 2) !== '\r\n')
      throw new S3Error('IncompleteBody');
    pieces.push(raw.subarray(position, position + size));
    position += size + 2;
  }
  const trailers = new Map<string, string>();
  for (let line = readLine(); line !== ''; line = position < raw.length ? readLine() : '') {
    const [name = '', value = ''] = line.split(/:\s*/);
    trailers.set(name.toLowerCase(), value);
  }
  return { bytes: Buffer.concat(pieces), trailers };
}

function checksumOf(name: string, bytes: Buffer): string {
  switch (name.slice(PREFIX.length)) {
    case 'sha256':
      return digest('sha256', bytes, 'base64');
    case 'sha1':
      return digest('sha1', bytes, 'base64');
    case 'crc32': {
      const value = Buffer.alloc(4);
      value.writeUInt32BE(crc32(bytes));
      return value.toString('base64');
    }
    default:
      throw new S3Error('NotImplemented', 501);
  }
}

export function digest(
  algorithm: 'md5' | 'sha1' | 'sha256',
  bytes: Buffer,
  encoding: 'hex' | 'base64',
): string {
  return createHash(algorithm).update(bytes).digest(encoding);
}
