/** A bucket of Google Cloud Storage. */
import { resolve } from 'node:path';
import { url } from '../address.ts';
import { text } from '../format.ts';
import { type Reader, readSettings } from '../read.ts';
import { readableFile } from '../readable-file.ts';
import { optional } from '../setting.ts';
import { bucket } from './bucket.ts';

export const gcsSettings = {
  RECORDING_GCS_BUCKET: optional(bucket(), {
    doc: 'The bucket of the gcs provider. It must be there, and need not be public.',
  }),
  GOOGLE_APPLICATION_CREDENTIALS: optional(text('the path of a file'), {
    defaultText: 'what the SDK of Google finds: a login of gcloud, the service account of the machine',
    doc: 'The JSON file with the key of a service account. Only with one can browsers be sent to the bucket itself.',
  }),
  STORAGE_EMULATOR_HOST: optional(url({ protocols: ['http:', 'https:'], example: 'http://localhost:4443' }), {
    doc: 'An emulator in the place of Google, for tests.',
  }),
};

export interface GcsStorageConfig {
  readonly provider: 'gcs';
  readonly bucket: string;
  /** Absolute. Absent: what the SDK finds by itself. */
  readonly keyFile?: string;
  /** Absent: Google. */
  readonly endpoint?: string;
  /** How long one request may take, in milliseconds. */
  readonly timeoutMs: number;
}

export function readGcs(
  reader: Reader,
  { isUsed, timeoutMs }: { isUsed: boolean; timeoutMs: number },
): GcsStorageConfig {
  const values = readSettings(gcsSettings, reader);
  const { RECORDING_GCS_BUCKET: name, GOOGLE_APPLICATION_CREDENTIALS: keyFile } = values;
  if (isUsed && name === undefined && reader.source('RECORDING_GCS_BUCKET') === undefined) {
    reader.problems.add({
      name: 'RECORDING_GCS_BUCKET',
      what: 'is missing, but RECORDING_STORAGE_PROVIDER is gcs',
      expected: gcsSettings.RECORDING_GCS_BUCKET.format.expected,
      remedy: 'name the bucket, or choose another provider',
    });
  }
  return {
    provider: 'gcs',
    bucket: name ?? '',
    ...(keyFile !== undefined && {
      keyFile: isUsed
        ? readableFile('GOOGLE_APPLICATION_CREDENTIALS', keyFile, reader)
        : resolve(reader.cwd, keyFile),
    }),
    ...(values.STORAGE_EMULATOR_HOST !== undefined && { endpoint: values.STORAGE_EMULATOR_HOST }),
    timeoutMs,
  };
}

/**
 * The SDK of Google reads STORAGE_EMULATOR_HOST from the environment of the process too, and asks at other paths then. It is
 * told of the endpoint by whoever makes it, and by nobody else.
 */
export function directGoogleSdk(): void {
  delete process.env.STORAGE_EMULATOR_HOST;
}
