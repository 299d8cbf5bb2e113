/** What goes wrong with recordings, and what becomes of them: a full disk, a storage that refuses, a lost database, a deletion in the middle. */
import { afterEach, beforeAll, expect, test } from 'bun:test';
import { mkdir, readdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Clip, makeClip } from '../support/media/clip.ts';
import * as people from '../support/people.ts';
import { RecordingScene } from '../support/recording-scene.ts';
import { createDataDir, startTestServer, type TestServer } from '../support/server.ts';
import { SmallDisk } from '../support/small-disk.ts';

const TIMEOUT_MS = 90_000;
const ENV = { CALL_EMPTY_TIMEOUT: '1s', DISK_MIN_FREE: '1MiB', RECORDING_RESOLUTION: '320x180' };

let clip: Clip;
const opened: { close(): Promise<void> }[] = [];

beforeAll(async () => {
  clip = await makeClip(6);
}, TIMEOUT_MS);

afterEach(async () => {
  for (const one of opened.splice(0).toReversed()) await one.close();
});

async function open(dataDir: string, env: Record<string, string> = {}): Promise<RecordingScene> {
  return openScene(await openServer(dataDir, env));
}

async function openServer(dataDir: string, env: Record<string, string> = {}): Promise<TestServer> {
  const server = await startTestServer({ dataDir, env: { ...ENV, LOG_LEVEL: 'fatal', ...env } });
  opened.push(server);
  return server;
}

async function openScene(server: TestServer): Promise<RecordingScene> {
  const scene = await RecordingScene.create(server);
  opened.push(scene);
  return scene;
}

async function newDataDir(): Promise<string> {
  const dataDir = await createDataDir();
  opened.push({ close: () => rm(dataDir, { recursive: true, force: true }) });
  return dataDir;
}

const obstacle = SmallDisk.findObstacle();
const testOnDisk = (what: string, body: () => Promise<void>) =>
  obstacle ? test.skip(`${what}: ${obstacle}`, () => {}) : test(what, body, TIMEOUT_MS);

testOnDisk(
  'a disk that runs full ends the recording in good order, refuses others with the reason, and what was captured is finished when there is space',
  async () => {
    const disk = await SmallDisk.create(60);
    opened.push(disk);
    const dataDir = await newDataDir();
    await symlink(disk.path, join(dataDir, 'capture'));
    const scene = await open(dataDir);
    const { done } = await scene.feedBob(clip);
    const recordingId = await scene.start();
    await Bun.sleep(3_000);
    await disk.fill(0);
    expect(await scene.ann.event('recording-trouble')).toEqual({
      recordingId,
      reason: 'disk-full',
      isOver: false,
    });
    expect(await scene.ann.event('recording-stopped')).toEqual({ recordingId, reason: 'disk-full' });
    const refused = await scene.ask('POST', `/video-calls/${scene.roomId}/recording/start`);
    expect(refused).toMatchObject({ status: 503, body: { error: 'unavailable' } });
    expect(refused.body.message).toContain('DISK_MIN_FREE');
    // The call is not harmed.
    await done;
    expect(await scene.ann.request('ping', {})).toHaveProperty('serverTime');
    const waiting = await scene.whenIt(recordingId, (recording) => recording.failure_reason !== null);
    expect(waiting.status).toBe('processing');
    await disk.empty();
    const { files } = await scene.whenCompleted(recordingId);
    expect(files.map(({ name }) => name)).toContain('recording.mp4');
    const manifest = await Bun.file(join(dataDir, 'recordings/calls', recordingId, 'manifest.json')).json();
    for (const { segments } of manifest.tracks) expect(segments[0].toMs).toBeGreaterThan(2_500);
  },
);

test(
  'a storage that refuses costs nothing but time: it is told, tried again, and the folder stays until all is stored',
  async () => {
    const dataDir = await newDataDir();
    const scene = await open(dataDir);
    // What is to be a folder is a file.
    const obstacleInTheWay = join(dataDir, 'recordings/calls');
    await mkdir(join(dataDir, 'recordings'), { recursive: true });
    await writeFile(obstacleInTheWay, '');
    await scene.feedBob(clip);
    const recordingId = await scene.start();
    await Bun.sleep(2_000);
    await scene.stop();
    await scene.whenIt(recordingId, (recording) => recording.failure_reason !== null);
    expect(await readdir(join(dataDir, 'capture', recordingId))).toContain('timeline.jsonl');
    await rm(obstacleInTheWay);
    const { file_size } = await scene.whenCompleted(recordingId);
    expect(file_size).toBeGreaterThan(0);
    expect((await readdir(join(dataDir, 'capture'))).filter((name) => !name.startsWith('.'))).toEqual([]);
  },
  TIMEOUT_MS,
);

test(
  'a disk that refuses while the files are made is no fault of the recording: it waits for it, and a start is told why',
  async () => {
    const dataDir = await newDataDir();
    const scene = await open(dataDir);
    await scene.feedBob(clip);
    const recordingId = await scene.start();
    await Bun.sleep(1_500);
    // What is to be a folder is a file: told by the file system itself, and not by ffmpeg.
    const obstacle = join(dataDir, 'capture', recordingId, 'finish');
    await writeFile(obstacle, '');
    await scene.stop();
    const words = 'The disk of recordings fails: a file is where a folder should be.';
    // More attempts than what is wrong with the recording itself gets.
    await scene.whenIt(recordingId, ({ failure_reason }) => failure_reason === words);
    const retry = () => scene.ask('POST', `/recordings/${recordingId}/retry`);
    for (let attempts = 0; attempts < 3; ) {
      attempts += (await retry()).status === 202 ? 1 : 0;
      await scene.whenIt(
        recordingId,
        ({ phase, failure_reason }) => phase === 'waiting' && failure_reason === words,
      );
    }
    await rm(obstacle);
    await scene.whenCompleted(recordingId);

    await rm(join(dataDir, 'capture'), { recursive: true });
    await writeFile(join(dataDir, 'capture'), '');
    const refused = await scene.ask('POST', `/video-calls/${scene.roomId}/recording/start`);
    expect([refused.status, refused.body.message]).toEqual([503, words]);
    await rm(join(dataDir, 'capture'));
    await scene.start();
  },
  TIMEOUT_MS,
);

test(
  'a deletion while the files are made ends that, and leaves nothing',
  async () => {
    const dataDir = await newDataDir();
    const scene = await open(dataDir);
    await scene.feedBob(clip);
    const recordingId = await scene.start();
    await Bun.sleep(2_000);
    await scene.stop();
    await scene.whenIt(recordingId, ({ phase }) => phase !== 'waiting');
    expect((await scene.ask('DELETE', `/recordings/${recordingId}`)).status).toBe(204);
    expect((await scene.ask('GET', `/recordings/${recordingId}`)).status).toBe(404);
    expect((await readdir(join(dataDir, 'capture'))).filter((name) => !name.startsWith('.'))).toEqual([]);
    expect(await readdir(join(dataDir, 'recordings'), { recursive: true })).not.toContain('recording.mp4');
    // While it runs, too.
    const second = await scene.start();
    expect((await scene.ask('DELETE', `/recordings/${second}`)).status).toBe(204);
    expect(await scene.ann.event('recording-stopped', ({ reason }) => reason === 'deleted')).toMatchObject({
      recordingId: second,
    });
    expect((await scene.ask('GET', '/recordings')).body.recordings).toEqual([]);
  },
  TIMEOUT_MS,
);

test(
  'a recording whose database was lost is finished from its folder alone',
  async () => {
    const dataDir = await newDataDir();
    const first = await openServer(dataDir);
    const scene = await RecordingScene.create(first);
    await scene.feedBob(clip);
    const recordingId = await scene.start();
    await Bun.sleep(2_500);
    await scene.close();
    await first.close();
    const other = await newDataDir();
    await rm(join(dataDir, 'pglite'), { recursive: true });
    await rename(join(other, 'pglite'), join(dataDir, 'pglite'));
    const server = await openServer(dataDir);
    const asOwner = await openScene(server);
    const recording = await asOwner.whenCompleted(recordingId);
    expect(recording).toMatchObject({ owner_id: 'ann', tracks: 2, kind: 'call' });
    expect(recording.duration).toBeGreaterThanOrEqual(2);
  },
  TIMEOUT_MS,
);

test(
  'a server that stops and starts goes on with the recording of a call that comes back, and finishes that of one that does not',
  async () => {
    const dataDir = await newDataDir();
    const env = { RECONNECT_GRACE: '3s', CALL_EMPTY_TIMEOUT: '3s', INGEST_LOST_TIMEOUT: '1s' };
    const first = await openServer(dataDir, env);
    const [back, gone] = [await RecordingScene.create(first), await RecordingScene.create(first)];
    await back.feedBob(clip);
    await gone.feedBob(clip);
    const [kept, left] = [await back.start(), await gone.start()];
    await Bun.sleep(2_000);
    await Promise.all([back.close(), gone.close()]);
    await first.close();
    const server = await openServer(dataDir, env);
    const again = await openScene(server);
    const { client } = await people.join(server, 'ann', back.roomId);
    opened.push({ close: async () => void (await client.close()) });
    expect(await client.event('recording-started')).toMatchObject({ recordingId: kept });
    await again.whenCompleted(left);
    expect((await again.read(kept)).status).toBe('recording');
    await again.ask('POST', `/video-calls/${back.roomId}/recording/stop`);
    const { duration } = await again.whenCompleted(kept);
    expect(duration).toBeGreaterThanOrEqual(4);
  },
  TIMEOUT_MS,
);
