/** A configuration of storage as an operator writes it. */
import type { StorageConfig } from '../../../src/config/index.ts';

export function storageEnv(config: StorageConfig): Record<string, string> {
  const { provider } = config;
  switch (config.provider) {
    case 'local':
      return { RECORDING_STORAGE_PROVIDER: provider, RECORDING_OUTPUT_DIR: config.outputDir };
    case 's3':
      return {
        RECORDING_STORAGE_PROVIDER: provider,
        RECORDING_S3_BUCKET: config.bucket,
        RECORDING_S3_REGION: config.region,
        RECORDING_S3_ACCESS_KEY_ID: config.credentials?.accessKeyId ?? '',
        RECORDING_S3_SECRET_ACCESS_KEY: config.credentials?.secretAccessKey ?? '',
        RECORDING_S3_ENDPOINT: config.endpoint ?? '',
      };
    case 'gcs':
      return {
        RECORDING_STORAGE_PROVIDER: provider,
        RECORDING_GCS_BUCKET: config.bucket,
        GOOGLE_APPLICATION_CREDENTIALS: config.keyFile ?? '',
        STORAGE_EMULATOR_HOST: config.endpoint ?? '',
      };
    case 'vercel-blob':
      return {
        RECORDING_STORAGE_PROVIDER: provider,
        BLOB_READ_WRITE_TOKEN: config.token,
        VERCEL_BLOB_API_URL: config.apiUrl ?? '',
      };
  }
}
