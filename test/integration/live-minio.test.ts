/** A live stream out of a real MinIO and into it. `bun run minio` builds one. */
import { expect, test } from 'bun:test';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { findMinio } from '../../scripts/minio.ts';
import type { RecordingResource } from '../../src/library/index.ts';
import { createStorage, FileLedger } from '../../src/storage/index.ts';
import { makeHls, playlistOf } from '../support/live/hls.ts';
import { lookAt } from '../support/live/live-world.ts';
import { startTestServer } from '../support/server.ts';
import { openMinioWorld } from '../support/storage/minio.ts';

const TIMEOUT_MS = 180_000;
const KEY = 'minio-stream';

const program = await findMinio();

test.skipIf(program === undefined)(
  'a stream is recorded out of a MinIO and stored in it (skipped without one: "bun run minio" builds it once)',
  async () => {
    const world = await openMinioWorld(program!);
    const { config } = world;
    if (config.provider !== 's3' || !config.credentials || config.endpoint === undefined)
      throw new Error('no S3');
    const client = new S3Client({ ...config, credentials: { ...config.credentials } });
    await client.send(new CreateBucketCommand({ Bucket: 'live-segments' }));
    client.destroy();
    const ledger = await FileLedger.create(world.ledgerFolder);
    const [segments, stored] = await Promise.all([
      createStorage({ ...config, bucket: 'live-segments' }, ledger),
      createStorage(config, ledger),
    ]);
    const folder = await mkdtemp(join(tmpdir(), 'kaa-live-minio-'));
    const server = await startTestServer({
      env: {
        MINIO_ENDPOINT: new URL(config.endpoint).host,
        MINIO_ACCESS_KEY: config.credentials.accessKeyId,
        MINIO_SECRET_KEY: config.credentials.secretAccessKey,
        MONITOR_INTERVAL: '200ms',
        DISK_MIN_FREE: '1MiB',
      },
    });
    const put = async (name: string, bytes: Uint8Array | string) => {
      const path = join(folder, name);
      await writeFile(path, bytes);
      await segments.put(`${KEY}/${name}`, path, { type: 'video/mp2t' });
    };
    const tell = async (event: string) => {
      const body = {
        event,
        stream_id: KEY,
        stream_key: KEY,
        user_id: 'ann',
        timestamp: new Date().toISOString(),
      };
      const headers = { 'content-type': 'application/json' };
      const response = await fetch(`${server.url}/webhook/stream`, {
        method: 'POST',
        headers,
        body: JSON.stringify(body),
      });
      expect(response.status).toBe(200);
    };
    const list = async (): Promise<RecordingResource[]> =>
      (await (await fetch(`${server.url}/recordings`)).json()).recordings;
    try {
      const hls = await makeHls();
      await tell('stream.started');
      for (const [index, name] of hls.segments.entries()) {
        await put(name, hls.files.get(name)!);
        const entries = hls.segments.slice(0, index + 1);
        await put('index.m3u8', playlistOf({ entries, isEnded: entries.length === hls.segments.length }));
      }
      await tell('stream.ended');
      let [recording] = await list();
      while (recording?.status !== 'completed' && recording?.status !== 'failed') {
        await Bun.sleep(100);
        [recording] = await list();
      }
      expect(recording).toMatchObject({
        status: 'completed',
        duration: 6,
        file_path: `recordings/${KEY}.mp4`,
      });
      const bytes = Buffer.from(await new Response(await stored.get(`${KEY}.mp4`)).arrayBuffer());
      const seen = await lookAt(bytes);
      expect(seen).toMatchObject({ frames: 90, complaints: '' });
      expect(seen.boxes.slice(0, 2)).toEqual(['ftyp', 'moov']);
      // Nothing of the stream was taken away.
      expect((await segments.list(`${KEY}/`)).objects).toHaveLength(hls.segments.length + 1);
    } finally {
      await server.close();
      await Promise.all([segments.close(), stored.close()]);
      await world.close();
      await rm(folder, { recursive: true, force: true });
    }
  },
  TIMEOUT_MS,
);
