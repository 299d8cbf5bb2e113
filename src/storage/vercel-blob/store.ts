/** One store of Vercel Blob: requests that end in time, are tried again, and whose failures are told in words. */
import { directVercelSdk, type VercelBlobStorageConfig } from '../../config/index.ts';
import { retry } from '../../lib/index.ts';
import { destinationError } from '../destination.ts';
import { patience } from '../patience.ts';
import type { ByteRange } from '../provider.ts';
import { explainVercelBlob, isPassing, RefusedDownload } from './failures.ts';

const HOME = '.blob.vercel-storage.com';

/** What every call of the SDK is given. */
export interface CallOptions {
  readonly token: string;
  readonly abortSignal: AbortSignal;
}

export class VercelBlobStore {
  readonly place = 'vercel-blob';
  readonly #config: VercelBlobStorageConfig;
  readonly #apiHost: string | undefined;

  constructor(config: VercelBlobStorageConfig) {
    this.#config = config;
    this.#apiHost = config.apiUrl === undefined ? undefined : new URL(config.apiUrl).host;
  }

  /** Tries again what may go well later. Rejects as the signal says when it is aborted, and else with what is wrong in words. */
  async ask<T>(task: (options: CallOptions) => Promise<T>, signal?: AbortSignal): Promise<T> {
    signal?.throwIfAborted();
    try {
      return await retry(() => this.#once(task, signal), {
        ...patience(this.#config.timeoutMs),
        isFinal: (error) => signal?.aborted === true || !isPassing(error),
      });
    } catch (error) {
      signal?.throwIfAborted();
      throw this.explain(error) ?? error;
    }
  }

  /** Not by the SDK, which knows no other place than that of Vercel; the protocol is the same. */
  async download(url: string, { abortSignal }: CallOptions, range?: ByteRange): Promise<Response> {
    const { host, hostname } = new URL(url);
    // The token goes nowhere else, whatever the answer said.
    if (!hostname.endsWith(HOME) && host !== this.#apiHost)
      throw new Error('a file is at an address of somebody else');
    const headers: Record<string, string> = { authorization: `Bearer ${this.#config.token}` };
    if (range) headers.range = `bytes=${range.start}-${range.end}`;
    const response = await fetch(url, { headers, signal: abortSignal });
    if (response.status === (range ? 206 : 200)) return response;
    await response.body?.cancel();
    throw new RefusedDownload(response.status);
  }

  explain(error: unknown) {
    return explainVercelBlob(error, this.place);
  }

  refused() {
    return destinationError('other', { place: this.place });
  }

  async #once<T>(task: (options: CallOptions) => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
    directVercelSdk(this.#config);
    // Not `AbortSignal.timeout`, whose reason the SDK takes for one to try again after.
    const limit = new AbortController();
    const timer = setTimeout(() => limit.abort(), this.#config.timeoutMs);
    const abort = () => limit.abort();
    signal?.addEventListener('abort', abort, { once: true });
    try {
      return await task({ token: this.#config.token, abortSignal: limit.signal });
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
    }
  }
}
