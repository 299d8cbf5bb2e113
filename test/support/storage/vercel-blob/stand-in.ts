/** A Vercel Blob in this process, for tests: one private store in memory, its protocol with uploads by parts, faults on demand. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { VercelBlobStorageConfig } from '../../../../src/config/index.ts';
import { type Fault, FaultPlan } from '../faults.ts';
import { BlobRefusal } from './blob-refusal.ts';
import { type Blob, StoreContents } from './store-contents.ts';

const STORE_ID = 'kaaTestStore';
export const SECRET = 'kaaTestSecretNeverToBeSeen';
const API_VERSION = '12';
const MAX_PATHNAME = 950;

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

interface Asked {
  readonly request: IncomingMessage;
  readonly url: URL;
  readonly body: Buffer;
}

export class VercelBlobStandIn {
  readonly faults = new FaultPlan();
  readonly contents = new StoreContents();
  clockSkewMs = 0;
  readonly #server: Server;

  static async create(): Promise<VercelBlobStandIn> {
    const standIn = new VercelBlobStandIn();
    await new Promise<void>((resolve) => standIn.#server.listen(0, '127.0.0.1', resolve));
    return standIn;
  }

  private constructor() {
    this.#server = createServer((request, response) => void this.#serve(request, response));
  }

  get config(): VercelBlobStorageConfig {
    return {
      provider: 'vercel-blob',
      token: `vercel_blob_rw_${STORE_ID}_${SECRET}`,
      apiUrl: `${this.#origin}/api/blob`,
      timeoutMs: 20_000,
    };
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }

  get #origin(): string {
    // A TCP server has an address of this form.
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', this.#origin);
    const isUpload = request.method === 'PUT' || request.headers['x-mpu-action'] === 'upload';
    const isDownload = url.pathname.startsWith('/files/');
    const fault = this.faults.take(isUpload ? 'upload' : isDownload ? 'download' : 'other');
    if (fault === 'hang') return;
    if (fault === 'cut-request') {
      if (isUpload) return void request.once('data', () => request.socket.destroy());
      return void request.socket.destroy();
    }
    const pieces: Buffer[] = [];
    try {
      for await (const piece of request) pieces.push(piece);
    } catch {
      return;
    }
    const bytes = Buffer.concat(pieces);
    const answer = this.#answer({ request, url, body: fault === 'damage' ? damaged(bytes) : bytes }, fault);
    if (fault === 'lose-answer') return void request.socket.destroy();
    response.writeHead(answer.status, {
      'content-length': answer.body.length,
      ...answer.headers,
      date: new Date(Date.now() + this.clockSkewMs).toUTCString(),
    });
    if (fault !== 'cut-answer' && fault !== 'stall-answer') return void response.end(answer.body);
    response.write(answer.body.subarray(0, answer.body.length >> 1), () => {
      if (fault === 'cut-answer') response.socket?.destroy();
    });
  }

  #answer(asked: Asked, fault: Fault | undefined): Answer {
    try {
      if (fault === 'throttle') throw new BlobRefusal('rate_limited');
      if (asked.request.headers.authorization !== `Bearer ${this.config.token}` || fault === 'forbid')
        throw new BlobRefusal('forbidden');
      const { pathname } = asked.url;
      if (pathname.startsWith('/files/')) return this.#read(asked, decodeURIComponent(pathname.slice(7)));
      return this.#answerApi(asked, pathname.replace(/^\/api\/blob\/?/, ''));
    } catch (error) {
      if (!(error instanceof BlobRefusal)) throw error;
      return json(error.status, { error: { code: error.code, message: 'refused' } });
    }
  }

  #answerApi({ request: { method, headers }, url, body }: Asked, operation: string): Answer {
    if (headers['x-api-version'] !== API_VERSION) throw new BlobRefusal('bad_request');
    if (headers['x-vercel-blob-store-id'] !== STORE_ID) throw new BlobRefusal('store_not_found');
    const { searchParams } = url;
    switch (`${method} ${operation}`) {
      case 'PUT ':
        return this.#tell(
          this.contents.add(wishedName(url, headers), { bytes: body, type: typeOf(headers) }),
        );
      case 'POST mpu':
        return this.#answerParts(wishedName(url, headers), headers, body);
      case 'POST delete': {
        const { urls }: { urls: string[] } = JSON.parse(body.toString());
        for (const one of urls) this.contents.blobs.delete(this.#pathnameAt(one));
        return json(200, null);
      }
      case 'GET ': {
        const address = searchParams.get('url');
        if (address === null) return this.#list(searchParams);
        const blob = this.contents.blobs.get(this.#pathnameAt(address));
        if (!blob) throw new BlobRefusal('not_found');
        return this.#tell(blob);
      }
      default:
        throw new BlobRefusal('bad_request');
    }
  }

  #answerParts(wished: string, headers: IncomingMessage['headers'], body: Buffer): Answer {
    const action = headers['x-mpu-action'];
    if (action === 'create') return json(200, this.contents.begin(wished, typeOf(headers)));
    const upload = this.contents.upload(wished, {
      uploadId: String(headers['x-mpu-upload-id']),
      key: decodeURIComponent(String(headers['x-mpu-key'])),
    });
    if (action === 'upload')
      return json(200, this.contents.addPart(upload, Number(headers['x-mpu-part-number']), body));
    if (action !== 'complete') throw new BlobRefusal('bad_request');
    return this.#tell(this.contents.complete(upload, JSON.parse(body.toString())));
  }

  #list(query: URLSearchParams): Answer {
    const after = Buffer.from(query.get('cursor') ?? '', 'base64url').toString();
    const limit = Math.min(1_000, Number(query.get('limit') ?? 1_000));
    const found = [...this.contents.blobs.values()]
      .filter(({ pathname }) => pathname.startsWith(query.get('prefix') ?? '') && pathname > after)
      .toSorted((a, b) => (a.pathname < b.pathname ? -1 : 1));
    const page = found.slice(0, limit);
    const hasMore = found.length > page.length;
    const cursor = Buffer.from(page.at(-1)?.pathname ?? '').toString('base64url');
    const blobs = page.map((blob) => this.#describe(blob));
    return json(200, { blobs, hasMore, ...(hasMore && { cursor }) });
  }

  #read({ request: { headers, method } }: Asked, pathname: string): Answer {
    const blob = this.contents.blobs.get(pathname);
    if (!blob || method !== 'GET') return { status: 404, headers: {}, body: Buffer.from('Not found') };
    const type = { 'content-type': blob.type };
    const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(headers.range ?? '') ?? [];
    if (first === undefined) return { status: 200, headers: type, body: blob.bytes };
    const size = blob.bytes.length;
    if (Number(first) >= size)
      return { status: 416, headers: { 'content-range': `bytes */${size}` }, body: Buffer.alloc(0) };
    const end = Math.min(Number(last), size - 1);
    const body = blob.bytes.subarray(Number(first), end + 1);
    return { status: 206, headers: { ...type, 'content-range': `bytes ${first}-${end}/${size}` }, body };
  }

  #tell(blob: Blob): Answer {
    return json(200, this.#describe(blob));
  }

  #describe({ pathname, bytes, type, uploadedAt }: Blob): Record<string, unknown> {
    const url = `${this.#origin}/files/${pathname}`;
    return {
      url,
      downloadUrl: `${url}?download=1`,
      pathname,
      size: bytes.length,
      contentType: type,
      contentDisposition: 'attachment',
      cacheControl: 'private, max-age=2592000',
      uploadedAt: uploadedAt.toISOString(),
      etag: `"${bytes.length}"`,
    };
  }

  #pathnameAt(address: string): string {
    const { origin, pathname } = new URL(address);
    if (origin !== this.#origin) throw new BlobRefusal('bad_request');
    return decodeURIComponent(pathname.slice('/files/'.length));
  }
}

/** Throws unless it is a private one, with a suffix that nobody guesses. */
function wishedName({ searchParams }: URL, headers: IncomingMessage['headers']): string {
  const pathname = searchParams.get('pathname') ?? '';
  const isAllowed = headers['x-vercel-blob-access'] === 'private' && !pathname.includes('//');
  const isBeginning = headers['x-mpu-action'] === undefined || headers['x-mpu-action'] === 'create';
  if (!isAllowed || pathname === '' || pathname.length > MAX_PATHNAME) throw new BlobRefusal('bad_request');
  if (isBeginning && headers['x-add-random-suffix'] !== '1') throw new BlobRefusal('bad_request');
  return pathname;
}

function typeOf(headers: IncomingMessage['headers']): string {
  return String(headers['x-content-type'] ?? 'application/octet-stream');
}

function json(status: number, content: unknown): Answer {
  return {
    status,
    headers: { 'content-type': 'application/json' },
    body: Buffer.from(JSON.stringify(content)),
  };
}

function damaged(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  if (copy.length > 0) copy[0] = (copy[0] ?? 0) ^ 1;
  return copy;
}
