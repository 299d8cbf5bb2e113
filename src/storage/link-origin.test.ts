/** The origin that is told is the one that signed addresses have: the SDKs sign without asking anybody. */
import { afterAll, expect, test } from 'bun:test';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServiceAccount } from '../../test/support/storage/gcs/service-account.ts';
import type { StorageConfig } from '../config/index.ts';
import { createStorage, FileLedger } from './index.ts';
import { linkOriginOf } from './link-origin.ts';

const folder = await mkdtemp(join(tmpdir(), 'kaa-link-origin-'));
afterAll(() => rm(folder, { recursive: true, force: true }));

async function originOfLink(config: StorageConfig): Promise<string | undefined> {
  const storage = await createStorage(config, await FileLedger.create(folder));
  const url = await storage.signedUrl('calls/x/recording.mp4', { expiresInSeconds: 60 });
  await storage.close();
  return url === undefined ? undefined : new URL(url).origin;
}

const s3 = {
  provider: 's3',
  bucket: 'recordings',
  region: 'eu-central-1',
  credentials: { accessKeyId: 'id', secretAccessKey: 'secret' },
  forcePathStyle: false,
  timeoutMs: 1_000,
} as const;

test('S3: of Amazon, of others, by host and by path, with another address for browsers', async () => {
  const configs: StorageConfig[] = [
    s3,
    { ...s3, region: 'us-east-1' },
    { ...s3, region: 'cn-north-1' },
    { ...s3, bucket: 'with.dots' },
    { ...s3, forcePathStyle: true },
    { ...s3, endpoint: 'http://minio:9000', forcePathStyle: true },
    { ...s3, endpoint: 'https://s3.example.com' },
    { ...s3, endpoint: 'http://127.0.0.1:9000' },
    {
      ...s3,
      endpoint: 'http://minio:9000',
      publicEndpoint: 'https://files.example.org',
      forcePathStyle: true,
    },
  ];
  for (const config of configs) {
    const expected = await originOfLink(config);
    expect(expected).toBeString();
    expect(linkOriginOf(config), JSON.stringify(config)).toBe(expected);
  }
  expect(linkOriginOf(s3)).toBe('https://recordings.s3.eu-central-1.amazonaws.com');
});

test('Google: its own, another in its place, and none without a key', async () => {
  const account = await createServiceAccount();
  const gcs = { provider: 'gcs', bucket: 'recordings', timeoutMs: 1_000 } as const;
  const configs: StorageConfig[] = [
    { ...gcs, keyFile: account.keyFile },
    { ...gcs, keyFile: account.keyFile, endpoint: 'http://127.0.0.1:4443' },
    gcs,
  ];
  for (const config of configs) expect(linkOriginOf(config)).toBe(await originOfLink(config));
  await rm(account.folder, { recursive: true });
});

test('what the server hands out itself has none', async () => {
  const configs: StorageConfig[] = [
    { provider: 'local', outputDir: join(folder, 'root') },
    { provider: 'vercel-blob', token: 'vercel_blob_rw_store_secret', timeoutMs: 1_000 },
  ];
  for (const config of configs) {
    expect(linkOriginOf(config)).toBeUndefined();
    expect(await originOfLink(config)).toBeUndefined();
  }
});
