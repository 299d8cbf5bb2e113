/** Where the signed addresses of a storage lead: known without asking it, for those who must allow it beforehand. */
import type { S3StorageConfig, StorageConfig } from '../config/index.ts';

const GOOGLE = 'https://storage.googleapis.com';
/** With a dot the certificate of Amazon would not fit: the bucket stands in the path then. */
const NAME_IN_HOST = /^[a-z0-9-]+$/;

/** Undefined for storages whose files the server hands out itself. */
export function linkOriginOf(config: StorageConfig): string | undefined {
  switch (config.provider) {
    case 's3':
      return originOfS3(config);
    case 'gcs':
      return config.keyFile === undefined ? undefined : new URL(config.endpoint ?? GOOGLE).origin;
    case 'local':
    case 'vercel-blob':
      return undefined;
  }
}

function originOfS3(config: S3StorageConfig): string {
  const { bucket, region, forcePathStyle } = config;
  const china = region.startsWith('cn-') ? '.cn' : '';
  const endpoint = config.publicEndpoint ?? config.endpoint ?? `https://s3.${region}.amazonaws.com${china}`;
  const { protocol, host, hostname, origin } = new URL(endpoint);
  const isAddress = /^[\d.]+$|^\[/.test(hostname);
  const isInHost = !forcePathStyle && NAME_IN_HOST.test(bucket) && !isAddress;
  return isInHost ? `${protocol}//${bucket}.${host}` : origin;
}
