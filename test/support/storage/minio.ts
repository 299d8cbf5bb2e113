/** A real MinIO with one bucket, for a test file; owns its process and its folder. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateBucketCommand, ListMultipartUploadsCommand, S3Client } from '@aws-sdk/client-s3';
import { findFreePort } from '../postgres.ts';
import { until } from '../until.ts';
import { IMPATIENT_MS, type StorageWorld } from './world.ts';

const USER = 'kaa-test-user';
const PASSWORD = 'kaa-test-password-never-to-be-seen';
const WRONG_PASSWORD = 'another-password-never-to-be-seen';
const START_TIMEOUT_MS = 30_000;

export async function openMinioWorld(program: string): Promise<StorageWorld> {
  const folder = await mkdtemp(join(tmpdir(), 'kaa-minio-'));
  const port = await findFreePort();
  const endpoint = `http://127.0.0.1:${port}`;
  const command = [program, 'server', '--quiet', '--address', `127.0.0.1:${port}`, join(folder, 'data')];
  const server = Bun.spawn(['setpriv', '--pdeathsig', 'KILL', ...command], {
    env: { MINIO_ROOT_USER: USER, MINIO_ROOT_PASSWORD: PASSWORD, MINIO_BROWSER: 'off', HOME: folder },
    stdout: 'ignore',
    stderr: 'ignore',
  });
  const config = {
    provider: 's3',
    bucket: 'recordings',
    region: 'us-east-1',
    credentials: { accessKeyId: USER, secretAccessKey: PASSWORD },
    endpoint,
    forcePathStyle: true,
    timeoutMs: 20_000,
  } as const;
  const client = new S3Client(config);
  let isReady = false;
  const timer = setInterval(async () => {
    isReady ||= await fetch(`${endpoint}/minio/health/ready`).then(
      ({ ok }) => ok,
      () => false,
    );
  }, 50);
  await until('MinIO is ready', () => isReady, START_TIMEOUT_MS).finally(() => clearInterval(timer));
  await client.send(new CreateBucketCommand({ Bucket: config.bucket }));

  return {
    config,
    ledgerFolder: join(folder, 'ledger'),
    resumes: true,
    // MinIO lists uploads by whole keys alone.
    strays: async (prefix) => {
      const names = ['recording.mp4', 'contested', 'aborted', 'killed', 'abandoned', 'x', 'file'];
      const found = await Promise.all(
        names.map((name) =>
          client.send(new ListMultipartUploadsCommand({ Bucket: config.bucket, Prefix: prefix + name })),
        ),
      );
      return found.flatMap(({ Uploads = [] }) => Uploads.map(({ Key = '' }) => Key));
    },
    elsewhere: {
      impatient: { ...config, timeoutMs: IMPATIENT_MS },
      wrongCredentials: { ...config, credentials: { accessKeyId: USER, secretAccessKey: WRONG_PASSWORD } },
      unreachable: { ...config, endpoint: 'http://127.0.0.1:9', timeoutMs: IMPATIENT_MS },
      secrets: [USER, PASSWORD, WRONG_PASSWORD],
    },
    close: async () => {
      client.destroy();
      server.kill('SIGKILL');
      await server.exited;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
