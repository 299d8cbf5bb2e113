import type { StorageConfig } from '../config/index.ts';
import { GcsStorage } from './gcs/gcs-storage.ts';
import { LocalStorage } from './local/local-storage.ts';
import type { StorageProvider } from './provider.ts';
import { S3Storage } from './s3/s3-storage.ts';
import type { UploadLedger } from './uploads/ledger.ts';
import { VercelBlobStorage } from './vercel-blob/vercel-blob-storage.ts';

export { linkOriginOf } from './link-origin.ts';
export type {
  ByteRange,
  ListOptions,
  ObjectPage,
  PutOptions,
  StorageProvider,
  StoredObject,
} from './provider.ts';
export { FileLedger } from './uploads/file-ledger.ts';
export type { UnfinishedUpload, UploadLedger } from './uploads/ledger.ts';

/** The provider that the configuration names. Rejects with what keeps it from working, in words. */
export async function createStorage(config: StorageConfig, ledger: UploadLedger): Promise<StorageProvider> {
  switch (config.provider) {
    case 'local':
      return LocalStorage.create(config.outputDir);
    case 's3':
      return new S3Storage(config, ledger);
    case 'gcs':
      return new GcsStorage(config, ledger);
    case 'vercel-blob':
      return new VercelBlobStorage(config, ledger);
  }
}
