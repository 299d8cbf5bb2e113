/** A call is recorded over its routes and its socket: begun, told to everyone, ended, made into files, handed out, deleted. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'bun:test';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { failureOf } from '../support/failure.ts';
import { type Clip, makeClip } from '../support/media/clip.ts';
import * as people from '../support/people.ts';
import { RecordingScene } from '../support/recording-scene.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const TIMEOUT_MS = 60_000;
const SECONDS = 4;

let server: TestServer;
let clip: Clip;
const scenes: RecordingScene[] = [];

beforeAll(async () => {
  clip = await makeClip(SECONDS);
  server = await startTestServer({ env: { CALL_EMPTY_TIMEOUT: '1s', DISK_MIN_FREE: '1MiB' } });
}, TIMEOUT_MS);

afterEach(async () => {
  await Promise.all(scenes.splice(0).map((scene) => scene.close()));
});

afterAll(() => server.close());

async function openScene(settings: object = {}): Promise<RecordingScene> {
  const scene = await RecordingScene.create(server, settings);
  scenes.push(scene);
  return scene;
}

async function refusal(request: Promise<unknown>): Promise<unknown> {
  return ((await failureOf(request)) as { code: string }).code;
}

test(
  'from the start to the files: everyone is told, the files play in parts, and nothing is left of what is deleted',
  async () => {
    const scene = await openScene({ recordingLayout: 'grid' });
    const { roomId, ann } = scene;
    const { done } = await scene.feedBob(clip);
    const started = await scene.ask('POST', `/video-calls/${roomId}/recording/start`);
    expect(started).toMatchObject({ status: 201, body: { status: 'recording' } });
    const { recordingId } = started.body;
    expect(await ann.event('recording-started')).toMatchObject({ recordingId, startedBy: 'ann' });
    const carol = await scene.join('carol');
    expect(carol.joined.recording).toMatchObject({ recordingId });

    const again = await scene.ask('POST', `/video-calls/${roomId}/recording/start`);
    expect(again).toMatchObject({ status: 409, body: { details: { recordingId } } });
    expect((await scene.ask('POST', `/video-calls/${roomId}/recording/stop`, 'carol')).status).toBe(403);
    expect((await scene.ask('GET', `/video-calls/${roomId}/stats`)).body.recording).toMatchObject({
      recordingId,
    });
    await done;
    expect(await scene.ask('POST', `/video-calls/${roomId}/recording/stop`)).toEqual({
      status: 202,
      body: { recordingId, status: 'processing' },
    });
    expect(await carol.client.event('recording-stopped')).toEqual({ recordingId, reason: 'stopped' });
    expect((await scene.ask('POST', `/video-calls/${roomId}/recording/stop`)).status).toBe(409);

    const recording = await scene.whenCompleted(recordingId);
    expect(await ann.event('recording-completed')).toMatchObject({ recordingId });
    expect(recording).toMatchObject({
      kind: 'call',
      room_id: roomId,
      layout: 'grid',
      progress: 1,
      tracks: 2,
    });
    expect(Math.abs(recording.duration - SECONDS)).toBeLessThanOrEqual(1);
    expect(recording.files.map(({ name }) => name)).toContain('recording.mp4');
    expect(await readdir(join(server.dataDir, 'capture'))).toEqual(['.trash']);

    const { body: link } = await scene.ask('POST', `/recordings/${recordingId}/link`, 'carol');
    const file = `${server.url}/recordings/${recordingId}/files/recording.mp4`;
    const size = recording.files.find(({ name }) => name === 'recording.mp4')!.size;
    const part = await fetch(`${file}?token=${link.token}`, { headers: { range: 'bytes=4-7' } });
    expect(part.status).toBe(206);
    expect(part.headers.get('content-range')).toBe(`bytes 4-7/${size}`);
    expect(part.headers.get('content-type')).toBe('video/mp4');
    expect(await part.text()).toBe('ftyp');
    const whole = await fetch(`${file}?token=${link.token}`);
    expect((await whole.arrayBuffer()).byteLength).toBe(size);
    const beyond = await fetch(`${file}?token=${link.token}`, { headers: { range: `bytes=${size}-` } });
    expect([beyond.status, beyond.headers.get('content-range')]).toEqual([416, `bytes */${size}`]);
    expect((await fetch(file)).status).toBe(401);
    expect((await scene.ask('GET', `/recordings/${recordingId}/files/nothing.mp4`)).status).toBe(404);

    expect(
      (await scene.ask('DELETE', `/video-calls/${roomId}/recording/${recordingId}`, 'carol')).status,
    ).toBe(403);
    expect((await scene.ask('DELETE', `/video-calls/${roomId}/recording/${recordingId}`)).status).toBe(204);
    expect((await scene.ask('GET', `/recordings/${recordingId}`)).status).toBe(404);
    expect((await fetch(`${file}?token=${link.token}`)).status).toBe(404);
    expect(await readdir(join(server.dataDir, 'recordings'))).toEqual(['.parts']);
  },
  TIMEOUT_MS,
);

test(
  'the files of single tracks are handed out by their names, and asking for what is in them tells how long they are',
  async () => {
    const scene = await openScene();
    await scene.feedBob(clip);
    const id = await scene.start({ layout: 'tracks-only', format: 'webm' });
    await Bun.sleep(3_000);
    await scene.stop();
    const { files } = await scene.whenCompleted(id);
    const track = files.find(({ kind }) => kind === 'track')!;
    expect(track.name).toStartWith('tracks/');
    const headers = { authorization: `Bearer ${await server.token('ann')}` };
    for (const name of [track.name, encodeURIComponent(track.name)]) {
      const url = `${server.url}/recordings/${id}/files/${name}`;
      const whole = await fetch(`${url}?download=1`, { headers });
      expect((await whole.arrayBuffer()).byteLength).toBe(track.size);
      expect(whole.headers.get('content-disposition')).toBe(
        `attachment; filename="${track.name.replace('tracks/', '')}"`,
      );
      const head = await fetch(url, { method: 'HEAD', headers });
      expect([head.status, head.headers.get('content-length')]).toEqual([200, String(track.size)]);
      const range = { ...headers, range: 'bytes=-2' };
      const part = await fetch(url, { method: 'HEAD', headers: range });
      expect([part.status, part.headers.get('content-range'), part.headers.get('content-length')]).toEqual([
        206,
        `bytes ${track.size - 2}-${track.size - 1}/${track.size}`,
        '2',
      ]);
    }
    for (const name of [
      '%2e%2e%2f%2e%2e%2fkaa',
      'tracks%2f..%2fmanifest.json',
      '%zz',
      '%252e%252e',
      'tracks/',
      '%5c',
    ]) {
      const { status } = await fetch(`${server.url}/recordings/${id}/files/${name}`, { headers });
      expect([name, status]).toEqual([name, 404]);
    }
  },
  TIMEOUT_MS,
);

describe('what is asked wrongly is told so', () => {
  test('a recording is not of another call, and not of a call in which nobody is', async () => {
    const scene = await openScene();
    const { roomId } = scene;
    const other = await openScene();
    const { body } = await scene.ask('POST', `/video-calls/${roomId}/recording/start`, 'ann', {
      layout: 'speaker',
    });
    expect((await scene.ask('GET', `/video-calls/${roomId}/recording/${body.recordingId}`)).status).toBe(200);
    expect(
      (await scene.ask('GET', `/video-calls/${other.roomId}/recording/${body.recordingId}`)).status,
    ).toBe(404);
    expect((await scene.ask('DELETE', `/video-calls/${roomId}/recording/${body.recordingId}`)).status).toBe(
      204,
    );
    await people.createCall(server, 'ann', { id: 'nobody-there' });
    expect((await scene.ask('POST', '/video-calls/nobody-there/recording/start')).status).toBe(409);
    expect((await scene.ask('POST', '/video-calls/no-such-call/recording/start')).status).toBe(404);
  });

  test('a call that may not be recorded is not', async () => {
    const scene = await openScene({ allowRecording: false });
    const { roomId, ann } = scene;
    expect((await scene.ask('POST', `/video-calls/${roomId}/recording/start`)).status).toBe(403);
    expect(await refusal(ann.request('start-recording', {}))).toBe('forbidden');
  });
});

test(
  'the socket starts and stops it too, a call can do it by itself, and the end of the call ends it',
  async () => {
    const scene = await openScene({ autoRecord: true });
    const { roomId, ann } = scene;
    expect(await ann.event('recording-started')).toMatchObject({ startedBy: null });
    expect(await refusal(ann.request('start-recording', {}))).toBe('invalid_state');
    await scene.feed('bob').publish('microphone', clip);
    await Bun.sleep(1_000);
    expect(await ann.request('stop-recording', {})).toMatchObject({ status: 'processing' });
    const second = await ann.request('start-recording', { layout: 'audio-only' });
    await Bun.sleep(1_000);
    expect((await scene.ask('DELETE', `/video-calls/${roomId}`)).status).toBe(200);
    const { status } = await scene.whenCompleted(second.recordingId);
    expect(status).toBe('completed');
    const list = await scene.ask('GET', `/recordings?room_id=${roomId}`);
    expect(list.body.recordings.map(({ id }: { id: string }) => id)).toContain(second.recordingId);
    expect((await scene.ask('GET', '/recordings', 'stranger')).body.pagination.total).toBe(0);
  },
  TIMEOUT_MS,
);
