/** Uploads whose connection or whose server is lost: they go on in the same recording, or end with all that came. */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { findWebRtcObstacle } from '../../bench/load/webrtc/library.ts';
import { Encoder } from '../support/ingest/encoder.ts';
import { completedRecording, probeStreams } from '../support/ingest/results.ts';
import { ServerProcess } from '../support/kills/server-process.ts';
import { type Clip, makeClip } from '../support/media/clip.ts';
import { flashesOf, readFrames } from '../support/media/read-media.ts';
import { createDataDir } from '../support/server.ts';

setDefaultTimeout(180_000);
const USER = 'backend';
const MEDIA_MS = 4_000;

const obstacle = await findWebRtcObstacle();
if (obstacle !== undefined) console.log(`killed uploads are skipped: ${obstacle}`);

let clip: Clip;
let dataDir: string;
let server: ServerProcess;
const encoders: Encoder[] = [];

beforeAll(async () => {
  [clip, dataDir] = await Promise.all([makeClip(60), createDataDir()]);
  server = await ServerProcess.start({
    dataDir,
    env: { INGEST_LOST_TIMEOUT: '8s', RECORDING_RESOLUTION: '320x180', DISK_MIN_FREE: '1MiB' },
  });
});

afterAll(async () => {
  for (const encoder of encoders) encoder.close();
  await server?.end('SIGKILL');
  await rm(dataDir, { recursive: true, force: true });
});

interface Sending {
  readonly id: string;
  readonly encoder: Encoder;
}

/** Resolves when media flows. */
async function send(uuid: string): Promise<Sending> {
  const encoder = await Encoder.create({ clip });
  encoders.push(encoder);
  const { status, body } = await server.ask('POST', '/webrtc/video', USER, {
    sdp_offer: encoder.offer,
    name: uuid,
    uuid,
  });
  expect({ status, error: body.error }).toEqual({ status: 200, error: undefined });
  await encoder.connect(body.sdp_answer);
  return { id: body.id, encoder };
}

/** The seconds of its file, and at which of them the clip's flashes are. */
async function look(id: string, name: string) {
  const recording = await completedRecording(server, id, await server.token(USER));
  expect(recording).toMatchObject({ kind: 'ingest', file_path: `uploads/${id}/${name}.mp4`, progress: 1 });
  const path = join(dataDir, 'recordings', recording.file_path);
  const { streams, seconds } = await probeStreams(path);
  expect(streams).toEqual(['video h264 320x180', 'audio aac']);
  expect(await readdir(join(dataDir, 'capture', id)).catch(() => [])).toEqual([]);
  return { recording, seconds, flashes: flashesOf(await readFrames(path)).length };
}

async function expectOneRecording(uuid: string): Promise<void> {
  const { body } = await server.ask('GET', '/recordings?kind=ingest&limit=100', USER);
  const found = body.recordings.filter((one: { stream_id: string }) => one.stream_id === uuid);
  expect(found).toHaveLength(1);
}

describe.skipIf(obstacle !== undefined)('an upload', () => {
  test('whose connection is lost goes on under its uuid, in the same recording and under the same id', async () => {
    const first = await send('moving');
    await Bun.sleep(MEDIA_MS);
    const busy = await server.ask('POST', '/webrtc/video', USER, {
      sdp_offer: first.encoder.offer,
      uuid: 'moving',
    });
    expect([busy.status, busy.body.error]).toEqual([409, 'session_exists']);
    first.encoder.close();
    const second = await sendAgain('moving');
    expect(second.id).toBe(first.id);
    await Bun.sleep(MEDIA_MS);
    expect((await server.ask('DELETE', `/webrtc/video/${first.id}`, USER)).status).toBe(200);
    const { seconds, flashes } = await look(first.id, 'moving');
    expect(seconds).toBeGreaterThan((2 * MEDIA_MS) / 1_000 - 1);
    expect(flashes).toBeGreaterThanOrEqual(5);
    await expectOneRecording('moving');
  });

  test('whose server is killed goes on when its client comes back, else becomes the file of what came, else leaves nothing', async () => {
    const [left, first] = await Promise.all([send('left'), send('back')]);
    const unheard = await Encoder.create({ clip });
    encoders.push(unheard);
    const { body } = await server.ask('POST', '/webrtc/video', USER, { sdp_offer: unheard.offer });
    await Bun.sleep(MEDIA_MS);
    await server.end('SIGKILL');
    for (const { encoder } of [left, first]) encoder.close();
    await server.restart();
    const second = await send('back');
    expect(second.id).toBe(first.id);
    await Bun.sleep(MEDIA_MS);
    expect((await server.ask('DELETE', `/webrtc/video/${first.id}`, USER)).status).toBe(200);
    const both = await look(first.id, 'back');
    expect(both.flashes).toBeGreaterThanOrEqual(4);
    await expectOneRecording('back');
    const half = await look(left.id, 'left');
    expect(half.seconds).toBeGreaterThan(MEDIA_MS / 1_000 - 2);
    expect(half.seconds).toBeLessThan(both.seconds);
    expect(half.flashes).toBeGreaterThanOrEqual(2);
    expect((await server.ask('DELETE', `/webrtc/video/${left.id}`, USER)).status).toBe(404);
    for (let status = 200; status !== 404; ) {
      ({ status } = await server.ask('GET', `/recordings/${body.id}`, USER));
      await Bun.sleep(100);
    }
    expect(await readdir(join(dataDir, 'capture'))).not.toContain(body.id);
  });

  test('whose server is killed while its file is made has it after the restart', async () => {
    const { id, encoder } = await send('made');
    await Bun.sleep(MEDIA_MS);
    expect((await server.ask('DELETE', `/webrtc/video/${id}`, USER)).status).toBe(200);
    encoder.close();
    for (;;) {
      const { body } = await server.ask('GET', `/recordings/${id}`, USER);
      expect(body.status).toBe('processing');
      if (body.phase !== 'waiting') break;
      await Bun.sleep(5);
    }
    await server.end('SIGKILL');
    await server.restart();
    const { seconds } = await look(id, 'made');
    expect(seconds).toBeGreaterThan(MEDIA_MS / 1_000 - 1);
  });
});

/** A client hears sooner than the server that its connection is lost: it tries until it is let in. */
async function sendAgain(uuid: string): Promise<Sending> {
  for (;;) {
    try {
      return await send(uuid);
    } catch (error) {
      if (!String(error).includes('session_exists')) throw error;
      await Bun.sleep(200);
    }
  }
}
