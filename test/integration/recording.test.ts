/** A call is recorded over its routes and its socket: begun, told to everyone, ended, made into files, handed out, deleted. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'bun:test';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { RecordingResource } from '../../src/library/index.ts';
import { failureOf } from '../support/failure.ts';
import { type Clip, makeClip } from '../support/media/clip.ts';
import { FedPerson } from '../support/media/feeds.ts';
import * as people from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import type { SignalingClient } from '../support/signaling-client.ts';

const TIMEOUT_MS = 60_000;
const SECONDS = 4;

let server: TestServer;
let clip: Clip;
let room = 0;
const clients: SignalingClient[] = [];
const fed: FedPerson[] = [];

beforeAll(async () => {
  clip = await makeClip(SECONDS);
  server = await startTestServer({ env: { CALL_EMPTY_TIMEOUT: '1s', DISK_MIN_FREE: '1MiB' } });
}, TIMEOUT_MS);

afterEach(async () => {
  for (const person of fed.splice(0)) person.leave();
  await Promise.all(clients.splice(0).map((client) => client.close()));
});

afterAll(() => server.close());

interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: each test knows what it asked for
  readonly body: any;
}

async function ask(method: string, path: string, userId = 'ann', body?: object): Promise<Answer> {
  const response = await fetch(`${server.url}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${await server.token(userId)}`,
      ...(body && { 'content-type': 'application/json' }),
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
}

/** Ann is in a call, and its host; her camera and microphone come by another name. */
async function openCall(settings: object = {}): Promise<{ roomId: string; ann: SignalingClient }> {
  room += 1;
  const roomId = `recorded-${room}`;
  await people.createCall(server, 'ann', { id: roomId, settings });
  const { client } = await people.join(server, 'ann', roomId);
  clients.push(client);
  return { roomId, ann: client };
}

function feed(roomId: string, userId: string): FedPerson {
  const person = new FedPerson(server.app.calls.registry.get(roomId)!, userId);
  fed.push(person);
  return person;
}

async function refusal(request: Promise<unknown>): Promise<unknown> {
  return ((await failureOf(request)) as { code: string }).code;
}

async function completed(recordingId: string): Promise<RecordingResource> {
  for (;;) {
    const { body } = await ask('GET', `/recordings/${recordingId}`);
    if (body.status === 'completed') return body;
    if (body.status === 'failed' || body.failure_reason) throw new Error(body.failure_reason);
    await Bun.sleep(200);
  }
}

test(
  'from the start to the files: everyone is told, the files play in parts, and nothing is left of what is deleted',
  async () => {
    const { roomId, ann } = await openCall({ recordingLayout: 'grid' });
    const bob = feed(roomId, 'bob');
    await bob.publish('microphone', clip);
    const { done } = await bob.publish('camera', clip);
    const started = await ask('POST', `/video-calls/${roomId}/recording/start`);
    expect(started).toMatchObject({ status: 201, body: { status: 'recording' } });
    const { recordingId } = started.body;
    expect(await ann.event('recording-started')).toMatchObject({ recordingId, startedBy: 'ann' });
    const carol = await people.join(server, 'carol', roomId);
    clients.push(carol.client);
    expect(carol.joined.recording).toMatchObject({ recordingId });

    const again = await ask('POST', `/video-calls/${roomId}/recording/start`);
    expect(again).toMatchObject({ status: 409, body: { details: { recordingId } } });
    expect((await ask('POST', `/video-calls/${roomId}/recording/stop`, 'carol')).status).toBe(403);
    expect((await ask('GET', `/video-calls/${roomId}/stats`)).body.recording).toMatchObject({ recordingId });
    await done;
    expect(await ask('POST', `/video-calls/${roomId}/recording/stop`)).toEqual({
      status: 202,
      body: { recordingId, status: 'processing' },
    });
    expect(await carol.client.event('recording-stopped')).toEqual({ recordingId, reason: 'stopped' });
    expect((await ask('POST', `/video-calls/${roomId}/recording/stop`)).status).toBe(409);

    const recording = await completed(recordingId);
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
    expect(await readdir(join(server.dataDir, 'capture'))).toEqual([]);

    const { body: link } = await ask('POST', `/recordings/${recordingId}/link`, 'carol');
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
    expect((await ask('GET', `/recordings/${recordingId}/files/nothing.mp4`)).status).toBe(404);

    expect((await ask('DELETE', `/video-calls/${roomId}/recording/${recordingId}`, 'carol')).status).toBe(
      403,
    );
    expect((await ask('DELETE', `/video-calls/${roomId}/recording/${recordingId}`)).status).toBe(204);
    expect((await ask('GET', `/recordings/${recordingId}`)).status).toBe(404);
    expect((await fetch(`${file}?token=${link.token}`)).status).toBe(404);
    expect(await readdir(join(server.dataDir, 'recordings'))).toEqual([]);
  },
  TIMEOUT_MS,
);

describe('what is asked wrongly is told so', () => {
  test('a recording is not of another call, and not of a call in which nobody is', async () => {
    const { roomId } = await openCall();
    const other = await openCall();
    feed(roomId, 'bob');
    const { body } = await ask('POST', `/video-calls/${roomId}/recording/start`, 'ann', {
      layout: 'speaker',
    });
    expect((await ask('GET', `/video-calls/${roomId}/recording/${body.recordingId}`)).status).toBe(200);
    expect((await ask('GET', `/video-calls/${other.roomId}/recording/${body.recordingId}`)).status).toBe(404);
    expect((await ask('DELETE', `/video-calls/${roomId}/recording/${body.recordingId}`)).status).toBe(204);
    await people.createCall(server, 'ann', { id: 'nobody-there' });
    expect((await ask('POST', '/video-calls/nobody-there/recording/start')).status).toBe(409);
    expect((await ask('POST', '/video-calls/no-such-call/recording/start')).status).toBe(404);
  });

  test('a call that may not be recorded is not', async () => {
    const { roomId, ann } = await openCall({ allowRecording: false });
    expect((await ask('POST', `/video-calls/${roomId}/recording/start`)).status).toBe(403);
    expect(await refusal(ann.request('start-recording', {}))).toBe('forbidden');
  });
});

test(
  'the socket starts and stops it too, a call can do it by itself, and the end of the call ends it',
  async () => {
    const { roomId, ann } = await openCall({ autoRecord: true });
    expect(await ann.event('recording-started')).toMatchObject({ startedBy: null });
    expect(await refusal(ann.request('start-recording', {}))).toBe('invalid_state');
    const bob = feed(roomId, 'bob');
    await bob.publish('microphone', clip);
    await Bun.sleep(1_000);
    expect(await ann.request('stop-recording', {})).toMatchObject({ status: 'processing' });
    const second = await ann.request('start-recording', { layout: 'audio-only' });
    await Bun.sleep(1_000);
    expect((await ask('DELETE', `/video-calls/${roomId}`)).status).toBe(200);
    const { status } = await completed(second.recordingId);
    expect(status).toBe('completed');
    const list = await ask('GET', `/recordings?room_id=${roomId}`);
    expect(list.body.recordings.map(({ id }: { id: string }) => id)).toContain(second.recordingId);
    expect((await ask('GET', '/recordings', 'stranger')).body.pagination.total).toBe(0);
  },
  TIMEOUT_MS,
);
