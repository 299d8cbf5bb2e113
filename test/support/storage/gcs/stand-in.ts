/** A Google Cloud Storage in this process, for tests: its JSON protocol with resumable uploads, one bucket in memory, faults on demand. */
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Crc32c } from '../../../../src/storage/gcs/crc32c.ts';
import { type Fault, FaultPlan } from '../faults.ts';
import type { ServiceAccount } from './service-account.ts';
import { isAuthorised, isSignedUrl } from './signature.ts';

export const BUCKET = 'recordings';
/** All chunks but the last are of so many bytes, or of a multiple. */
const GRANULE = 256 * 1_024;

interface Stored {
  readonly bytes: Buffer;
  readonly type: string;
  readonly updated: string;
  /** As the protocol tells them. */
  readonly sums: { readonly crc32c: string; readonly md5Hash: string };
}

interface Session {
  readonly key: string;
  readonly type: string;
  readonly size: number;
  readonly pieces: Buffer[];
  /** How many bytes are in the pieces. */
  length: number;
  isDone: boolean;
}

interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer;
}

export class GcsStandIn {
  readonly faults = new FaultPlan();
  readonly objects = new Map<string, Stored>();
  readonly #sessions = new Map<string, Session>();
  clockSkewMs = 0;
  readonly #account: ServiceAccount;
  readonly #server: Server;

  static async create(account: ServiceAccount): Promise<GcsStandIn> {
    const standIn = new GcsStandIn(account);
    await new Promise<void>((resolve) => standIn.#server.listen(0, '127.0.0.1', resolve));
    return standIn;
  }

  private constructor(account: ServiceAccount) {
    this.#account = account;
    this.#server = createServer((request, response) => void this.#serve(request, response));
  }

  get endpoint(): string {
    // A TCP server has an address of this form.
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** The keys of uploads that are not finished, and of which something arrived. */
  get unfinished(): string[] {
    return [...this.#sessions.values()]
      .filter(({ isDone, length }) => !isDone && length > 0)
      .map(({ key }) => key);
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', this.endpoint);
    const isUpload = url.searchParams.has('upload_id') && request.headers['content-length'] !== '0';
    const isDownload = url.searchParams.get('alt') === 'media';
    const fault = this.faults.take(isUpload ? 'upload' : isDownload ? 'download' : 'other');
    if (fault === 'hang') return;
    if (fault === 'cut-request') {
      // A request without a body is cut at once.
      if (request.method === 'PUT') return void request.once('data', () => request.socket.destroy());
      return void request.socket.destroy();
    }
    const pieces: Buffer[] = [];
    try {
      for await (const piece of request) pieces.push(piece);
    } catch {
      return;
    }
    const answer = this.#answer(request, url, Buffer.concat(pieces), fault);
    if (fault === 'lose-answer') return void request.socket.destroy();
    send(response, answer, fault, new Date(Date.now() + this.clockSkewMs));
  }

  #answer(request: IncomingMessage, url: URL, body: Buffer, fault: Fault | undefined): Answer {
    if (fault === 'throttle') return refuse(503, 'backendError');
    const nowMs = Date.now() + this.clockSkewMs;
    const session = this.#sessions.get(url.searchParams.get('upload_id') ?? '');
    // The address of a session is a secret of its own.
    if (url.pathname.startsWith('/upload/') && url.searchParams.has('upload_id')) {
      return this.#continueUpload(request, session, fault === 'damage' ? damaged(body) : body);
    }
    const isRest = url.pathname.startsWith('/storage/v1/') || url.pathname.startsWith('/upload/');
    if (!isRest) {
      if (!isSignedUrl(request, url, this.#account, nowMs)) return refuse(403, 'SignatureDoesNotMatch');
      return this.#read(request, decodeURIComponent(url.pathname.slice(BUCKET.length + 2)), url);
    }
    if (!isAuthorised(request, this.#account, nowMs)) return refuse(401, 'authError');
    if (fault === 'forbid') return refuse(403, 'forbidden');
    const [, bucket, rawKey] = /\/b\/([^/]+)\/o(?:\/(.+))?$/.exec(url.pathname) ?? [];
    if (bucket !== BUCKET) return refuse(404, 'notFound');
    if (url.pathname.startsWith('/upload/')) return this.#beginUpload(request, url);
    if (rawKey === undefined) return this.#list(url);
    const key = decodeURIComponent(rawKey);
    if (request.method === 'DELETE')
      return this.objects.delete(key) ? { status: 204 } : refuse(404, 'notFound');
    const stored = this.objects.get(key);
    if (!stored) return refuse(404, 'notFound');
    return url.searchParams.get('alt') === 'media'
      ? this.#read(request, key, url)
      : json(200, describe(key, stored));
  }

  #beginUpload({ method, headers }: IncomingMessage, url: URL): Answer {
    if (method !== 'POST' || url.searchParams.get('uploadType') !== 'resumable')
      return refuse(400, 'invalid');
    const id = crypto.randomUUID();
    this.#sessions.set(id, {
      key: url.searchParams.get('name') ?? '',
      type: String(headers['x-upload-content-type'] ?? 'application/octet-stream'),
      size: Number(headers['x-upload-content-length'] ?? Number.NaN),
      pieces: [],
      length: 0,
      isDone: false,
    });
    const location = `${this.endpoint}/upload/storage/v1/b/${BUCKET}/o?uploadType=resumable&upload_id=${id}`;
    return { status: 200, headers: { location } };
  }

  #continueUpload({ method, headers }: IncomingMessage, session: Session | undefined, body: Buffer): Answer {
    if (!session) return refuse(404, 'notFound');
    if (method === 'DELETE') {
      for (const [id, other] of this.#sessions) if (other === session) this.#sessions.delete(id);
      return { status: 499 };
    }
    const [, start, end, total] =
      /^bytes (?:(\d+)-(\d+)|\*)\/(\d+)$/.exec(String(headers['content-range'])) ?? [];
    if (method !== 'PUT' || total === undefined) return refuse(400, 'invalid');
    const size = Number(total);
    if (session.size > 0 && session.size !== size) return refuse(400, 'invalid');
    if (!session.isDone && start !== undefined) {
      const offset = Number(start);
      if (offset > session.length || Number(end) - offset + 1 !== body.length) return refuse(400, 'invalid');
      if (Number(end) + 1 < size && body.length % GRANULE !== 0) return refuse(400, 'invalid');
      // What is there already is ignored, as Google does.
      const piece = body.subarray(session.length - offset);
      session.pieces.push(piece);
      session.length += piece.length;
    }
    if (!session.isDone && session.length === size) {
      session.isDone = true;
      const { key, type, pieces } = session;
      const bytes = Buffer.concat(pieces);
      this.objects.set(key, { bytes, type, updated: new Date().toISOString(), sums: sumsOf(bytes) });
    }
    const stored = this.objects.get(session.key);
    if (session.isDone && stored) return json(200, describe(session.key, stored));
    const last = session.length - 1;
    return { status: 308, headers: last < 0 ? {} : { range: `bytes=0-${last}` } };
  }

  #list({ searchParams }: URL): Answer {
    const after = Buffer.from(searchParams.get('pageToken') ?? '', 'base64url').toString();
    const limit = Number(searchParams.get('maxResults') ?? 1_000);
    const keys = [...this.objects.keys()]
      .filter((key) => key.startsWith(searchParams.get('prefix') ?? '') && key > after)
      .toSorted();
    const page = keys.slice(0, limit);
    const items = page.flatMap((key) => {
      const stored = this.objects.get(key);
      return stored ? [describe(key, stored)] : [];
    });
    const isMore = keys.length > page.length;
    return json(200, {
      items,
      ...(isMore && { nextPageToken: Buffer.from(page.at(-1) ?? '').toString('base64url') }),
    });
  }

  #read({ headers }: IncomingMessage, key: string, url: URL): Answer {
    const stored = this.objects.get(key);
    if (!stored) return refuse(404, 'notFound');
    const disposition = url.searchParams.get('response-content-disposition');
    const common = {
      'content-type': stored.type,
      ...(disposition !== null && { 'content-disposition': disposition }),
    };
    const [, first, last] = /^bytes=(\d+)-(\d*)$/.exec(headers.range ?? '') ?? [];
    if (first === undefined) return { status: 200, headers: common, body: stored.bytes };
    const size = stored.bytes.length;
    if (Number(first) >= size) return refuse(416, 'requestedRangeNotSatisfiable');
    const end = last ? Math.min(Number(last), size - 1) : size - 1;
    const range = { 'content-range': `bytes ${first}-${end}/${size}` };
    return {
      status: 206,
      headers: { ...common, ...range },
      body: stored.bytes.subarray(Number(first), end + 1),
    };
  }
}

function describe(key: string, { bytes, type, updated, sums }: Stored): Record<string, unknown> {
  return { name: key, bucket: BUCKET, size: String(bytes.length), contentType: type, updated, ...sums };
}

function sumsOf(bytes: Buffer): Stored['sums'] {
  const crc32c = new Crc32c();
  crc32c.update(bytes);
  return { crc32c: crc32c.digest(), md5Hash: createHash('md5').update(bytes).digest('base64') };
}

function json(status: number, content: unknown): Answer {
  return {
    status,
    headers: { 'content-type': 'application/json' },
    body: Buffer.from(JSON.stringify(content)),
  };
}

function refuse(status: number, reason: string): Answer {
  return json(status, { error: { code: status, message: `refused: ${reason}`, errors: [{ reason }] } });
}

function send(
  response: ServerResponse,
  { status, headers, body }: Answer,
  fault: Fault | undefined,
  now: Date,
): void {
  const bytes = body ?? Buffer.alloc(0);
  const length = status === 204 || status === 304 ? {} : { 'content-length': bytes.length };
  response.writeHead(status, { ...length, ...headers, date: now.toUTCString() });
  if (fault !== 'cut-answer' && fault !== 'stall-answer') return void response.end(bytes);
  response.write(bytes.subarray(0, bytes.length >> 1), () => {
    if (fault === 'cut-answer') response.socket?.destroy();
  });
}

function damaged(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  if (copy.length > 0) copy[0] = (copy[0] ?? 0) ^ 1;
  return copy;
}
