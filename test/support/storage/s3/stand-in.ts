/** A strict S3 in this process, for tests: buckets in memory, signatures and checksums checked, and faults on demand. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { S3StorageConfig } from '../../../../src/config/index.ts';
import { type Fault, FaultPlan } from '../faults.ts';
import { readBody } from './body.ts';
import { BucketContents } from './bucket-contents.ts';
import { type Answer, nameOperation, OPERATIONS, type OperationName } from './operations.ts';
import { S3Error } from './s3-error.ts';
import { refuse } from './signature.ts';
import { writeXml } from './xml.ts';

export const ACCESS_KEY_ID = 'kaa-test-access-key';
export const SECRET_ACCESS_KEY = 'kaa-test-secret-key-never-to-be-seen';
const BUCKET = 'recordings';
const REGION = 'eu-test-1';
const PARTS_PER_PAGE = 2;

const UPLOADS: readonly OperationName[] = ['PutObject', 'UploadPart'];

export class S3StandIn {
  readonly faults = new FaultPlan();
  readonly contents = new BucketContents();
  readonly #buckets = new Map([[BUCKET, this.contents]]);
  /** How far its clock is ahead, in milliseconds. */
  clockSkewMs = 0;
  tellsChecksums = true;
  /** The operations that were asked for, in their order. */
  readonly asked: OperationName[] = [];
  /** How often each object was read, by bucket and key. */
  readonly reads = new Map<string, number>();
  readonly #server: Server;

  static async create(): Promise<S3StandIn> {
    const standIn = new S3StandIn();
    await standIn.#listen(0);
    return standIn;
  }

  private constructor() {
    this.#server = createServer((request, response) => void this.#serve(request, response));
  }

  get config(): S3StorageConfig {
    return {
      provider: 's3',
      bucket: BUCKET,
      region: REGION,
      credentials: { accessKeyId: ACCESS_KEY_ID, secretAccessKey: SECRET_ACCESS_KEY },
      endpoint: `http://127.0.0.1:${this.#port}`,
      forcePathStyle: true,
      timeoutMs: 20_000,
    };
  }

  /** Another bucket. */
  addBucket(name: string): BucketContents {
    const contents = new BucketContents();
    this.#buckets.set(name, contents);
    return contents;
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }

  get #port(): number {
    // A TCP server has an address of this form.
    return (this.#server.address() as AddressInfo).port;
  }

  async #listen(port: number): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(port, '127.0.0.1', resolve));
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const { answer, fault } = await this.#answer(request);
      if (fault === 'lose-answer') return void request.socket.destroy();
      this.#send(response, answer, fault);
    } catch (error) {
      if (error instanceof Broken) return;
      const { code, status } = error instanceof S3Error ? error : new S3Error(`Bug: ${error}`, 500);
      const body =
        request.method === 'HEAD' ? '' : writeXml('Error', { Code: code, Message: `refused: ${code}` });
      this.#send(response, {
        status,
        headers: { 'content-type': 'application/xml' },
        body: Buffer.from(body),
      });
    }
  }

  async #answer(request: IncomingMessage): Promise<{ answer: Answer; fault: Fault | undefined }> {
    const url = new URL(request.url ?? '/', 'http://stand-in');
    const [, bucket = '', ...rest] = url.pathname.split('/');
    const key = decodeURIComponent(rest.join('/'));
    const asked = { method: request.method ?? '', key, query: url.searchParams };
    const name = nameOperation(asked);
    this.asked.push(name);
    const object = `${bucket}/${key}`;
    if (name === 'GetObject') this.reads.set(object, (this.reads.get(object) ?? 0) + 1);
    const fault = this.faults.take(
      UPLOADS.includes(name) ? 'upload' : name === 'GetObject' ? 'download' : 'other',
    );
    if (fault === 'hang') throw new Broken();
    if (fault === 'cut-request') {
      request.once('data', () => request.socket.destroy());
      throw new Broken();
    }
    const body = await readBody(request);
    if (fault === 'throttle') throw new S3Error('SlowDown', 503);
    const nowMs = Date.now() + this.clockSkewMs;
    const refusal = refuse(request, url, {
      accessKeyId: ACCESS_KEY_ID,
      secretAccessKey: SECRET_ACCESS_KEY,
      region: REGION,
      nowMs,
    });
    if (refusal) throw new S3Error(refusal, 403);
    if (fault === 'forbid') throw new S3Error('AccessDenied', 403);
    const contents = this.#buckets.get(bucket);
    if (!contents) throw new S3Error('NoSuchBucket', 404);
    const answer = OPERATIONS[name]({
      ...asked,
      headers: request.headers,
      body: fault === 'damage' ? { ...body, bytes: damaged(body.bytes), checksums: new Map() } : body,
      contents,
      partsPerPage: PARTS_PER_PAGE,
      tellsChecksums: this.tellsChecksums,
    });
    return { answer, fault };
  }

  #send(response: ServerResponse, { status, headers, body }: Answer, fault?: Fault): void {
    response.writeHead(status, {
      'content-length': body.length,
      ...headers,
      date: new Date(Date.now() + this.clockSkewMs).toUTCString(),
      'x-amz-request-id': 'stand-in',
    });
    if (fault !== 'cut-answer' && fault !== 'stall-answer') return void response.end(body);
    response.write(body.subarray(0, body.length >> 1), () => {
      if (fault === 'cut-answer') response.socket?.destroy();
    });
  }
}

/** There is nobody to answer any more, or nobody is answered. */
class Broken extends Error {}

function damaged(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  copy[0] = (copy[0] ?? 0) ^ 1;
  return copy;
}
