/** Where the files of recordings are kept. */
import { join, resolve } from 'node:path';
import { choice, text } from '../format.ts';
import { Problems } from '../problems.ts';
import { duration } from '../quantity.ts';
import { type Reader, readSettings } from '../read.ts';
import { optional, setting } from '../setting.ts';
import { type GcsStorageConfig, gcsSettings, readGcs } from './storage-gcs.ts';
import { readS3, type S3StorageConfig, s3Settings } from './storage-s3.ts';
import { readVercelBlob, type VercelBlobStorageConfig, vercelBlobSettings } from './storage-vercel-blob.ts';

const PROVIDERS = ['local', 's3', 'gcs', 'vercel-blob'] as const;

const generalSettings = {
  RECORDING_STORAGE_PROVIDER: setting(choice(PROVIDERS), {
    default: 'local',
    doc: 'Where the files of recordings are kept: local is a folder of this machine. `bun run storage:check` tries it.',
  }),
  RECORDING_OUTPUT_DIR: optional(text('the path of a folder'), {
    doc: 'The folder of the local provider. A relative path starts at the working directory.',
    defaultText: 'recordings in DATA_DIR',
  }),
  RECORDING_STORAGE_TIMEOUT: setting(duration({ minimumMs: 500, maximumMs: 600_000 }), {
    default: 60_000,
    doc: 'How long a storage elsewhere may take for one request, such as to take 5 MiB, before it is made again.',
  }),
};

export const storageSettings = { ...generalSettings, ...s3Settings, ...gcsSettings, ...vercelBlobSettings };

export interface LocalStorageConfig {
  readonly provider: 'local';
  /** Absolute. */
  readonly outputDir: string;
}

export type StorageConfig = LocalStorageConfig | S3StorageConfig | GcsStorageConfig | VercelBlobStorageConfig;

export function readStorage(reader: Reader, dataDir: string): StorageConfig {
  const values = readSettings(generalSettings, reader);
  const { RECORDING_OUTPUT_DIR, RECORDING_STORAGE_PROVIDER: provider } = values;
  const timeoutMs = values.RECORDING_STORAGE_TIMEOUT;
  const s3 = readS3(reader, { isUsed: provider === 's3', timeoutMs });
  const gcs = readGcs(reader, { isUsed: provider === 'gcs', timeoutMs });
  const vercelBlob = readVercelBlob(reader, { isUsed: provider === 'vercel-blob', timeoutMs });
  if (provider === 'vercel-blob') return vercelBlob;
  if (provider === 's3') return s3;
  if (provider === 'gcs') return gcs;
  return {
    provider,
    outputDir:
      RECORDING_OUTPUT_DIR === undefined
        ? join(dataDir, 'recordings')
        : resolve(reader.cwd, RECORDING_OUTPUT_DIR),
  };
}

/** How long a request to a storage elsewhere may take, in milliseconds. */
export function readStorageTimeout(reader: Reader): number {
  // What is wrong with it was told when the storage was read.
  const { RECORDING_STORAGE_TIMEOUT } = generalSettings;
  return readSettings({ RECORDING_STORAGE_TIMEOUT }, { ...reader, problems: new Problems() })
    .RECORDING_STORAGE_TIMEOUT;
}
