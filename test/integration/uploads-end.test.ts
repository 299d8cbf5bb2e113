/** How uploads end without a stop: their sender falls silent, their time is over, the disk is full. What came is kept, and it is told. */
import { afterEach, describe, expect, setDefaultTimeout, test } from 'bun:test';
import { readdir, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { findWebRtcObstacle } from '../../bench/load/webrtc/library.ts';
import { Encoder } from '../support/ingest/encoder.ts';
import { completedRecording, probeStreams } from '../support/ingest/results.ts';
import { makeClip } from '../support/media/clip.ts';
import { createDataDir, startTestServer, type TestServer } from '../support/server.ts';
import { SmallDisk } from '../support/small-disk.ts';
import { until } from '../support/until.ts';

setDefaultTimeout(150_000);
/** Of media, before anything happens to the upload. */
const MEDIA_MS = 2_000;
const PATIENCE_MS = 60_000;
const SMALL = { RECORDING_RESOLUTION: '320x180', DISK_MIN_FREE: '1MiB' };

const obstacle = await findWebRtcObstacle();
if (obstacle !== undefined) console.log(`the ends of uploads are skipped: ${obstacle}`);
const noDisk = obstacle ?? SmallDisk.findObstacle();
if (noDisk !== undefined) console.log(`the full disk under an upload is skipped: ${noDisk}`);

/** Undone after each test, the last one first. */
const undo: (() => unknown)[] = [];
afterEach(async () => {
  for (const task of undo.splice(0).toReversed()) await task();
});

interface Sending {
  readonly server: TestServer;
  readonly encoder: Encoder;
  readonly id: string;
  readonly token: string;
  readonly log: readonly string[];
  ask(
    method: string,
    path: string,
    body?: object,
  ): Promise<{ status: number; body: Record<string, unknown> }>;
}

/** Resolves when media flows. */
async function send(env: Readonly<Record<string, string>>, dataDir?: string): Promise<Sending> {
  const log: string[] = [];
  const server = await startTestServer({
    env: { ...SMALL, LOG_LEVEL: 'info', ...env },
    onLogLine: (line) => void log.push(line),
    ...(dataDir !== undefined && { dataDir }),
  });
  undo.push(() => server.close());
  const encoder = await Encoder.create({ clip: await makeClip(20) });
  undo.push(() => encoder.close());
  const token = await server.token('backend', ['service']);
  const ask = async (method: string, path: string, body?: object) => {
    const response = await fetch(new URL(path, server.url), {
      method,
      headers: { authorization: `Bearer ${token}`, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  const { body } = await ask('POST', '/webrtc/video', { sdp_offer: encoder.offer, uuid: 'ends' });
  const id = String(body.id);
  await encoder.connect(String(body.sdp_answer));
  return { server, encoder, id, token, log, ask };
}

/** It has ended for this reason, its file is there, with both streams, and nothing else is left of it. */
async function expectFile(
  { server, id, token, log, ask }: Sending,
  { reason, seconds: least }: { readonly reason: string; readonly seconds: number },
): Promise<void> {
  const recording = await completedRecording(server, id, token);
  const { streams, seconds } = await probeStreams(join(server.dataDir, 'recordings', recording.file_path));
  expect(streams).toEqual(['video h264 320x180', 'audio aac']);
  expect(seconds).toBeGreaterThan(least);
  expect(await readdir(join(server.dataDir, 'capture', id)).catch(() => [])).toEqual([]);
  expect(await ask('DELETE', `/webrtc/video/${id}`)).toMatchObject({
    status: 404,
    body: { error: 'session_not_found' },
  });
  const ends = log.filter((line) => line.includes('an upload has ended'));
  expect(ends.map((line) => JSON.parse(line).reason)).toEqual([reason]);
  const { uploads, calls } = server.app;
  expect([uploads.uploads.size, calls.registry.size, calls.recordings.runningCount]).toEqual([0, 0, 0]);
}

describe.skipIf(obstacle !== undefined)('an upload', () => {
  test('whose sender falls silent ends by itself, with what came', async () => {
    const sending = await send({ INGEST_LOST_TIMEOUT: '10s' });
    await Bun.sleep(MEDIA_MS);
    sending.encoder.close();
    await expectFile(sending, { reason: 'connection-lost', seconds: MEDIA_MS / 2_000 });
  });

  test('that has run for its longest time ends by itself, and its client is told', async () => {
    const sending = await send({ INGEST_MAX_DURATION: '12s' });
    await until('the encoder is cut off', () => sending.encoder.state !== 'connected', PATIENCE_MS);
    await expectFile(sending, { reason: 'max-duration', seconds: 1 });
  });
});

test.skipIf(noDisk !== undefined)(
  'an upload under which the disk fills up ends, and becomes a file when there is room again',
  async () => {
    const disk = await SmallDisk.create(24);
    undo.push(() => disk.close());
    const dataDir = await createDataDir();
    undo.push(() => rm(dataDir, { recursive: true, force: true }));
    await symlink(disk.path, join(dataDir, 'capture'));
    const sending = await send({ DISK_MIN_FREE: '4MiB' }, dataDir);
    const { encoder, ask } = sending;
    await Bun.sleep(MEDIA_MS);
    await disk.fill(0);
    await until('the encoder is cut off', () => encoder.state !== 'connected', PATIENCE_MS);
    const refused = await ask('POST', '/webrtc/video', { sdp_offer: encoder.offer });
    expect(refused).toMatchObject({ status: 503, body: { error: 'unavailable' } });
    expect(String(refused.body.message)).toContain('DISK_MIN_FREE');
    await disk.empty();
    await expectFile(sending, { reason: 'disk-full', seconds: MEDIA_MS / 2_000 });
  },
);
