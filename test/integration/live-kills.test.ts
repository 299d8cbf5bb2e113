/** The server is killed while it monitors a stream, joins its segments and stores its file: nothing is lost, and nothing fetched twice. */
import { afterAll, beforeAll, expect, test } from 'bun:test';
import { existsSync } from 'node:fs';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { RecordingResource } from '../../src/library/index.ts';
import { ServerProcess } from '../support/kills/server-process.ts';
import { type Hls, makeHls, playlistOf } from '../support/live/hls.ts';
import { LiveStream, liveEnv, lookAt } from '../support/live/live-world.ts';
import { createDataDir } from '../support/server.ts';
import type { BucketContents } from '../support/storage/s3/bucket-contents.ts';
import { S3StandIn } from '../support/storage/s3/stand-in.ts';
import { until } from '../support/until.ts';

const TIMEOUT_MS = 240_000;
const FRAMERATE = 15;

let s3: S3StandIn;
let segments: BucketContents;
let server: ServerProcess;
let hls: Hls;

beforeAll(async () => {
  s3 = await S3StandIn.create();
  segments = s3.addBucket('live-segments');
  const dataDir = await createDataDir();
  hls = await makeHls();
  // Nobody tells the end of the file in this: a stream is looked at for as long as it takes.
  server = await ServerProcess.start({ dataDir, env: { ...liveEnv(s3), RECORDING_STORAGE_TIMEOUT: '2s' } });
}, TIMEOUT_MS);

afterAll(async () => {
  await server?.end('SIGKILL');
  await s3?.close();
  if (server) await rm(server.dataDir, { recursive: true, force: true });
}, TIMEOUT_MS);

async function tell(event: 'stream.started' | 'stream.ended', stream: LiveStream): Promise<void> {
  const body = {
    event,
    stream_id: stream.id,
    stream_key: stream.key,
    user_id: 'ann',
    timestamp: new Date().toISOString(),
  };
  expect((await server.ask('POST', '/webhook/stream', 'ann', body)).status).toBe(200);
}

function put(stream: LiveStream, names: readonly string[], isEnded = false): void {
  for (const name of names) stream.put(name, hls.files.get(name)!);
  const all = hls.segments.slice(0, hls.segments.indexOf(names.at(-1)!) + 1);
  stream.putPlaylist(playlistOf({ entries: all, isEnded }));
}

async function recordingOf(stream: LiveStream): Promise<RecordingResource | undefined> {
  const { body } = await server.ask('GET', '/recordings?kind=live', 'ann');
  return body.recordings.find(({ stream_id }: RecordingResource) => stream_id === stream.id);
}

async function whenDone(stream: LiveStream): Promise<RecordingResource> {
  for (;;) {
    const found = await recordingOf(stream);
    if (found?.status === 'completed' || found?.status === 'failed') return found;
    await Bun.sleep(50);
  }
}

/** Resolves when so many segments are in the journal. */
async function whenNoted(recordingId: string, count: number): Promise<void> {
  const path = join(server.dataDir, 'live', recordingId, 'journal.jsonl');
  for (;;) {
    const text = await readFile(path, 'utf8').catch(() => '');
    if (text.split('\n').filter((line) => line.endsWith('}')).length >= count) return;
    await Bun.sleep(5);
  }
}

async function expectWhole(stream: LiveStream): Promise<void> {
  const done = await whenDone(stream);
  expect(done).toMatchObject({ status: 'completed', file_path: `recordings/${stream.key}.mp4` });
  const seen = await lookAt(s3.contents.get(`${stream.key}.mp4`).bytes);
  expect(seen).toMatchObject({ frames: 6 * FRAMERATE, complaints: '' });
  const reads = hls.segments.map((name) => s3.reads.get(`live-segments/${stream.key}/${name}`));
  expect(reads).toEqual(hls.segments.map(() => 1));
  expect(s3.contents.uploads.size).toBe(0);
  const folders = await readdir(join(server.dataDir, 'live'));
  expect(folders.filter((name) => name !== '.trash')).toEqual([]);
}

const newStream = () => new LiveStream(segments, `key-${crypto.randomUUID()}`);

test(
  'killed while it monitors: it goes on where it was, with the segments that came meanwhile',
  async () => {
    const stream = newStream();
    await tell('stream.started', stream);
    put(stream, hls.segments.slice(0, 3));
    const { id } = (await recordingOf(stream))!;
    await whenNoted(id, 3);
    await server.end('SIGKILL');
    put(stream, hls.segments.slice(3, 5));
    await server.restart();
    await whenNoted(id, 5);
    put(stream, hls.segments.slice(5), true);
    await tell('stream.ended', stream);
    await expectWhole(stream);
  },
  TIMEOUT_MS,
);

test(
  'killed while it joins: it joins anew',
  async () => {
    const stream = newStream();
    put(stream, hls.segments, true);
    await tell('stream.started', stream);
    const { id } = (await recordingOf(stream))!;
    await tell('stream.ended', stream);
    const folder = join(server.dataDir, 'live', id, 'joined');
    while (!existsSync(folder)) await Bun.sleep(1);
    await server.end('SIGKILL');
    expect(existsSync(join(folder, 'joined.json'))).toBe(false);
    await server.restart();
    await expectWhole(stream);
  },
  TIMEOUT_MS,
);

test(
  'killed while it stores: it stores what was joined, once',
  async () => {
    const stream = newStream();
    put(stream, hls.segments, true);
    s3.faults.add({ fault: 'hang', on: 'upload', times: 1_000 });
    await tell('stream.started', stream);
    const { id } = (await recordingOf(stream))!;
    await tell('stream.ended', stream);
    await until('the upload hangs', () => s3.faults.happened > 0, TIMEOUT_MS);
    const result = join(server.dataDir, 'live', id, 'joined', 'joined.json');
    const before = await readFile(result, 'utf8');
    await server.end('SIGKILL');
    expect(await readFile(result, 'utf8')).toBe(before);
    s3.faults.clear();
    await server.restart();
    await expectWhole(stream);
    expect(s3.contents.get(`${stream.key}.mp4`).bytes.length).toBe(JSON.parse(before).size);
  },
  TIMEOUT_MS,
);
