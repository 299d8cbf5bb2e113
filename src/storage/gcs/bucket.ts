/** One bucket of Google Cloud Storage: its client, and requests whose failures are told in words. */
import { type Bucket, IdempotencyStrategy, Storage } from '@google-cloud/storage';
import { directGoogleSdk, type GcsStorageConfig } from '../../config/index.ts';
import { retry } from '../../lib/index.ts';
import { patience } from '../patience.ts';
import { explainGcs, isPassing } from './failures.ts';

export interface GcsRequest {
  readonly method: 'GET' | 'PUT' | 'DELETE';
  readonly url: string;
  readonly headers?: Record<string, string>;
  readonly body?: Buffer<ArrayBuffer>;
  readonly responseType?: 'stream' | 'json';
}

export interface GcsAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly data: unknown;
}

export class GcsBucket {
  readonly bucket: Bucket;
  readonly place: string;
  readonly #storage: Storage;
  readonly #timeoutMs: number;

  constructor({ bucket, keyFile, endpoint, timeoutMs }: GcsStorageConfig) {
    directGoogleSdk();
    this.#timeoutMs = timeoutMs;
    this.#storage = new Storage({
      ...(keyFile !== undefined && { keyFilename: keyFile, useAuthWithCustomEndpoint: true }),
      ...(endpoint !== undefined && { apiEndpoint: endpoint }),
      timeout: timeoutMs,
      retryOptions: { autoRetry: false, idempotencyStrategy: IdempotencyStrategy.RetryNever },
    });
    // Tokens that the key signs itself: one service less that has to be reached.
    this.#storage.authClient.useJWTAccessWithScope = true;
    // Not every request of the SDK looks at the option above.
    this.#storage.interceptors.push({
      request: (options) => ({ ...options, uri: 'uri' in options ? options.uri : '', timeout: timeoutMs }),
    });
    this.bucket = this.#storage.bucket(bucket);
    this.place = `gcs, bucket ${bucket}${endpoint ? ` at ${new URL(endpoint).host}` : ''}`;
  }

  /** Tries again what may go well later. Rejects as the signal says when it is aborted, and else with what is wrong in words. */
  async ask<T>(task: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    signal?.throwIfAborted();
    try {
      return await retry(task, {
        ...patience(this.#timeoutMs),
        isFinal: (error) => signal?.aborted === true || !isPassing(error),
      });
    } catch (error) {
      signal?.throwIfAborted();
      throw this.explain(error) ?? error;
    }
  }

  /** For what the SDK has no method for, or none that ends in time. Rejects with any status but these. */
  async send(
    request: GcsRequest,
    { expected, signal }: { expected: readonly number[]; signal?: AbortSignal },
  ): Promise<GcsAnswer> {
    const limit = AbortSignal.timeout(this.#timeoutMs);
    const answer = await this.#storage.authClient.request<unknown>({
      ...request,
      errorRedactor: forgetRequest,
      signal: signal ? AbortSignal.any([signal, limit]) : limit,
      validateStatus: (status: number) => expected.includes(status),
      retry: false,
      // The own one of the runtime: its bodies are streams as everywhere else here.
      fetchImplementation: fetch,
    });
    return { status: answer.status, headers: new Headers(answer.headers), data: answer.data };
  }

  mediaUrl(key: string): string {
    const { name } = this.bucket;
    return `${this.#storage.apiEndpoint}/storage/v1/b/${name}/o/${encodeURIComponent(key)}?alt=media`;
  }

  explain(error: unknown) {
    return explainGcs(error, this.place);
  }
}

interface MadeRequest {
  headers: Headers;
  body?: unknown;
}

/** In the place of the one of the library, which looks for secrets in each byte of a body, for half a second. */
function forgetRequest<T extends { config?: MadeRequest; response?: { config: MadeRequest } }>(
  failure: T,
): T {
  for (const config of [failure.config, failure.response?.config]) {
    if (!config) continue;
    config.headers = new Headers();
    config.body = undefined;
  }
  return failure;
}
