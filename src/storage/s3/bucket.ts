/** One bucket of an S3: its clients, and requests whose failures are told in words. */
import { S3Client } from '@aws-sdk/client-s3';
import type { S3StorageConfig } from '../../config/index.ts';
import { explainS3 } from './failures.ts';

/** Of one request: what is still refused then is left to whoever asked, who comes again later. */
const MAX_ATTEMPTS = 4;

export class S3Bucket {
  readonly name: string;
  readonly client: S3Client;
  /** For addresses that browsers get. */
  readonly publicClient: S3Client;
  readonly #place: string;

  constructor(config: S3StorageConfig) {
    this.name = config.bucket;
    this.client = makeClient(config, config.endpoint);
    this.publicClient = makeClient(config, config.publicEndpoint ?? config.endpoint);
    this.#place = `s3, bucket ${config.bucket}${config.endpoint ? ` at ${new URL(config.endpoint).host}` : ''}`;
  }

  /** Rejects as the signal says when it is aborted, and else with what is wrong in words. */
  async ask<T>(task: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    signal?.throwIfAborted();
    try {
      return await task();
    } catch (error) {
      signal?.throwIfAborted();
      throw this.explain(error) ?? error;
    }
  }

  explain(error: unknown) {
    return explainS3(error, this.#place);
  }

  get place(): string {
    return this.#place;
  }

  close(): void {
    this.client.destroy();
    this.publicClient.destroy();
  }
}

function makeClient(config: S3StorageConfig, endpoint: string | undefined): S3Client {
  return new S3Client({
    region: config.region,
    ...(endpoint !== undefined && { endpoint }),
    // A copy: the SDK notes in it where it is from, and the configuration cannot be changed.
    ...(config.credentials && { credentials: { ...config.credentials } }),
    forcePathStyle: config.forcePathStyle,
    maxAttempts: MAX_ATTEMPTS,
    requestHandler: {
      connectionTimeout: config.timeoutMs,
      requestTimeout: config.timeoutMs,
      throwOnRequestTimeout: true,
    },
    // Kaa sends SHA-256 of its own; what the SDK would add by itself is not understood everywhere.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  });
}
