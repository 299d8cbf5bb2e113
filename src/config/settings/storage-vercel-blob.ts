/** A store of Vercel Blob. */

import { Type } from '@sinclair/typebox';
import { url } from '../address.ts';
import { format } from '../format.ts';
import { type Reader, readSettings } from '../read.ts';
import { optional } from '../setting.ts';

export const vercelBlobSettings = {
  BLOB_READ_WRITE_TOKEN: optional(
    format({
      // The id of the store is a part of it.
      schema: Type.String({ pattern: '^vercel_blob_rw_[A-Za-z0-9]+_[A-Za-z0-9]+$' }),
      expected: 'a token of a Blob store: vercel_blob_rw_…',
      read: (value) => value,
    }),
    { isSecret: true, doc: 'The token of the store of the vercel-blob provider. Files there are private.' },
  ),
  VERCEL_BLOB_API_URL: optional(url({ protocols: ['http:', 'https:'], example: 'http://localhost:3001' }), {
    doc: 'Another interface in the place of the one of Vercel, for tests.',
  }),
};

export interface VercelBlobStorageConfig {
  readonly provider: 'vercel-blob';
  readonly token: string;
  /** Absent: Vercel. */
  readonly apiUrl?: string;
  /** How long one request may take, in milliseconds. */
  readonly timeoutMs: number;
}

export function readVercelBlob(
  reader: Reader,
  { isUsed, timeoutMs }: { isUsed: boolean; timeoutMs: number },
): VercelBlobStorageConfig {
  const values = readSettings(vercelBlobSettings, reader);
  const token = values.BLOB_READ_WRITE_TOKEN;
  if (isUsed && token === undefined && reader.source('BLOB_READ_WRITE_TOKEN') === undefined) {
    reader.problems.add({
      name: 'BLOB_READ_WRITE_TOKEN',
      what: 'is missing, but RECORDING_STORAGE_PROVIDER is vercel-blob',
      expected: vercelBlobSettings.BLOB_READ_WRITE_TOKEN.format.expected,
      remedy: 'set it to the token of the store, or choose another provider',
    });
  }
  const apiUrl = values.VERCEL_BLOB_API_URL;
  return {
    provider: 'vercel-blob',
    token: token ?? '',
    ...(apiUrl !== undefined && { apiUrl }),
    timeoutMs,
  };
}

/**
 * The SDK of Vercel takes what it is to do from the environment of the process alone: which interface it asks, and how
 * often it tries again by itself, for up to 17 minutes when nothing is said.
 */
export function directVercelSdk({ apiUrl }: VercelBlobStorageConfig): void {
  process.env.VERCEL_BLOB_RETRIES = '0';
  if (apiUrl === undefined) delete process.env.VERCEL_BLOB_API_URL;
  else process.env.VERCEL_BLOB_API_URL = apiUrl;
}
