/** Recordings that are asked for several things at once: whatever comes first, none is left half begun, half deleted or twice. */
import { afterEach, beforeAll, expect, test } from 'bun:test';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { RecordingRepository } from '../../src/library/index.ts';
import { type Clip, makeClip } from '../support/media/clip.ts';
import * as people from '../support/people.ts';
import { RecordingScene } from '../support/recording-scene.ts';
import { createDataDir, startTestServer, type TestServer } from '../support/server.ts';

const TIMEOUT_MS = 60_000;
const ENV = { DISK_MIN_FREE: '1MiB', RECORDING_RESOLUTION: '320x180', LOG_LEVEL: 'fatal' };

let clip: Clip;
const opened: { close(): Promise<void> }[] = [];

beforeAll(async () => {
  clip = await makeClip(4);
}, TIMEOUT_MS);

afterEach(async () => {
  for (const one of opened.splice(0).toReversed()) await one.close();
});

async function openServer(dataDir?: string, env: Record<string, string> = {}): Promise<TestServer> {
  const server = await startTestServer({ ...(dataDir && { dataDir }), env: { ...ENV, ...env } });
  opened.push(server);
  return server;
}

async function openScene(server: TestServer): Promise<RecordingScene> {
  const scene = await RecordingScene.create(server);
  opened.push(scene);
  return scene;
}

/** Holds the next row that is written: it is in the database, and whoever wrote it does not know that yet. */
function holdNextInsert(repository: RecordingRepository) {
  const written = Promise.withResolvers<string>();
  const gate = Promise.withResolvers<void>();
  const insert = repository.insert.bind(repository);
  repository.insert = async (row) => {
    repository.insert = insert;
    await insert(row);
    written.resolve(row.id ?? '');
    await gate.promise;
  };
  return { written: written.promise, release: () => gate.resolve() };
}

async function captured({ dataDir }: TestServer): Promise<string[]> {
  return (await readdir(join(dataDir, 'capture'))).filter((name) => !name.startsWith('.'));
}

test(
  'of many starts at the same instant one records, and the others are told which',
  async () => {
    const scene = await openScene(await openServer());
    const { roomId, ann } = scene;
    const answers = await Promise.all([
      ...Array.from({ length: 5 }, () => scene.ask('POST', `/video-calls/${roomId}/recording/start`)),
      ...Array.from({ length: 5 }, () =>
        ann.request('start-recording', {}).then(
          (body) => ({ status: 201, body }),
          ({ code }) => ({ status: code === 'invalid_state' ? 409 : 500, body: undefined }),
        ),
      ),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array(9).fill(409)]);
    const id = answers.find(({ status }) => status === 201)?.body.recordingId;
    const refused = answers.flatMap(({ body }) => body?.details?.recordingId ?? []);
    expect(new Set(refused)).toEqual(new Set([id]));
  },
  TIMEOUT_MS,
);

test(
  'one that is deleted while it begins does not run, and leaves nothing',
  async () => {
    const server = await openServer();
    const { recordings, recordingRepository } = server.app.calls;
    const scene = await openScene(server);
    const held = holdNextInsert(recordingRepository);
    const starting = scene.ask('POST', `/video-calls/${scene.roomId}/recording/start`);
    const id = await held.written;
    const deleting = scene.ask('DELETE', `/recordings/${id}`);
    // It is not there any more as soon as its deletion has begun.
    while ((await scene.ask('GET', `/recordings/${id}`)).status === 200) await Bun.sleep(5);
    held.release();
    expect((await deleting).status).toBe(204);
    await starting;
    expect(recordings.runningCount).toBe(0);
    expect(await captured(server)).toEqual([]);
    expect(await recordingRepository.findRow(id)).toBeUndefined();
    expect(await scene.ann.event('recording-stopped')).toEqual({ recordingId: id, reason: 'deleted' });
    await scene.start();
  },
  TIMEOUT_MS,
);

test(
  'one that takes long to begin is not taken for one that a killed server left',
  async () => {
    const server = await openServer();
    const { recordings, recordingRepository } = server.app.calls;
    const scene = await openScene(server);
    await scene.feedBob(clip);
    const held = holdNextInsert(recordingRepository);
    const starting = scene.start();
    const id = await held.written;
    await recordings.look();
    held.release();
    await starting;
    expect((await recordingRepository.findRow(id))?.status).toBe('recording');
    await Bun.sleep(1_500);
    await scene.stop();
    expect((await scene.whenCompleted(id)).tracks).toBe(2);
  },
  TIMEOUT_MS,
);

test(
  'one that is deleted while it waits for its call to come back does not go on',
  async () => {
    const dataDir = await createDataDir();
    opened.push({ close: () => rm(dataDir, { recursive: true, force: true }) });
    const env = { RECONNECT_GRACE: '30s', CALL_EMPTY_TIMEOUT: '30s' };
    const first = await startTestServer({ dataDir, env: { ...ENV, ...env } });
    const before = await RecordingScene.create(first);
    const id = await before.start();
    await before.close();
    await first.close();
    const server = await openServer(dataDir, env);
    const other = await openScene(server);
    expect((await other.ask('DELETE', `/recordings/${id}`)).status).toBe(204);
    const { client } = await people.join(server, 'ann', before.roomId);
    opened.push({ close: async () => void (await client.close()) });
    expect(await client.request('start-recording', {})).toMatchObject({ status: 'recording' });
    expect(await captured(server)).not.toContain(id);
  },
  TIMEOUT_MS,
);

test(
  'one that cannot be deleted now does not keep others from being made into files',
  async () => {
    const server = await openServer();
    const { recordings, recordingRepository, library } = server.app.calls;
    const scene = await openScene(server);
    await scene.feedBob(clip);
    const [stuck, waiting] = [await scene.start(), await scene.stop().then(() => scene.start())];
    await scene.whenIt(stuck, ({ status }) => status !== 'processing').catch(() => {});
    await recordingRepository.markDeleted(stuck);
    library.storageOf('call').list = () => Promise.reject(new Error('the storage is away'));
    // The end of the second one does not reach the database at first.
    const endCapture = recordingRepository.endCapture.bind(recordingRepository);
    recordingRepository.endCapture = () => Promise.reject(new Error('the database is away'));
    await Bun.sleep(1_500);
    await scene.stop();
    recordingRepository.endCapture = endCapture;
    await recordings.look();
    expect((await scene.whenCompleted(waiting)).tracks).toBe(2);
  },
  TIMEOUT_MS,
);
