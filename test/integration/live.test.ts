/** Live streams record themselves: a real HLS stream of ffmpeg goes into a bucket while it is recorded out of it. */
import { afterAll, beforeAll, expect, test } from 'bun:test';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hlsSource } from '../support/live/hls.ts';
import { type LiveStream, LiveWorld, lookAt } from '../support/live/live-world.ts';

const TIMEOUT_MS = 90_000;
const SECONDS = 6;

let world: LiveWorld;

beforeAll(async () => {
  world = await LiveWorld.open();
}, TIMEOUT_MS);

afterAll(() => world?.close());

/** Publishes by the clock, as an encoder does. Resolves when it has ended. */
async function publish(stream: LiveStream): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'kaa-live-'));
  const sizes = new Map<string, number>();
  const source = hlsSource({ seconds: SECONDS }).flatMap((arg) =>
    arg === 'lavfi' ? ['lavfi', '-re'] : [arg],
  );
  const output = ['-f', 'hls', '-hls_time', '1', '-hls_list_size', '3', '-hls_flags', 'temp_file'];
  const encoder = Bun.spawn(
    ['ffmpeg', '-v', 'error', ...source, ...output, '-hls_segment_filename', 'segment_%03d.ts', 'index.m3u8'],
    { cwd: folder, stdin: 'ignore', stderr: 'inherit' },
  );
  const mirror = async () => {
    const names = (await readdir(folder)).filter((name) => !name.endsWith('.tmp'));
    // The playlist last: what it names is there.
    for (const name of names.toSorted((a, b) => Number(a.endsWith('m3u8')) - Number(b.endsWith('m3u8')))) {
      const { mtimeMs } = await stat(join(folder, name));
      if (sizes.get(name) === mtimeMs) continue;
      sizes.set(name, mtimeMs);
      stream.put(name, await readFile(join(folder, name)));
    }
  };
  const ended = encoder.exited.then(() => true);
  while (!(await Promise.race([ended, Bun.sleep(100)]))) await mirror();
  await mirror();
  await rm(folder, { recursive: true, force: true });
}

test(
  'a stream is recorded while it runs, and is one MP4 when it has ended',
  async () => {
    const stream = world.newStream();
    const started = await world.tell('stream.started', stream);
    expect(started).toMatchObject({ status: 200, body: { message: 'Webhook processed successfully' } });
    const [row] = await world.recordingsOf(stream);
    expect(row).toMatchObject({
      kind: 'live',
      status: 'recording',
      stream_id: stream.id,
      video_id: null,
      owner_id: 'ann',
      file_path: '',
      duration: 0,
      file_size: 0,
      completed_at: null,
    });
    const publishing = publish(stream);
    const growing = await world.whenIt(stream, ({ duration }) => duration > 0);
    expect(growing).toMatchObject({ status: 'recording' });
    expect(growing.file_size).toBeGreaterThan(0);
    await publishing;
    await world.tell('stream.ended', stream);
    await world.whenIt(stream, ({ status }) => status !== 'recording');
    const done = await world.whenDone(stream);
    expect(done).toMatchObject({
      id: row!.id,
      status: 'completed',
      file_path: `recordings/${stream.key}.mp4`,
      failure_reason: null,
      files: [{ name: `${stream.key}.mp4`, kind: 'composed', type: 'video/mp4' }],
    });
    expect(Math.abs(done.duration - SECONDS)).toBeLessThanOrEqual(1);
    const bytes = world.bytesOf(done);
    expect(done.file_size).toBe(bytes.length);
    const seen = await lookAt(bytes);
    expect(seen.complaints).toBe('');
    expect(seen.boxes.slice(0, 2)).toEqual(['ftyp', 'moov']);
    expect(Math.abs(seen.durationSeconds - SECONDS)).toBeLessThan(1);
    expect(seen.streams.map(({ codec_type }) => codec_type)).toEqual(['video', 'audio']);
    // The sliding window has dropped segments that are in the file all the same.
    expect(seen.frames).toBe(SECONDS * 15);
    const folders = await readdir(join(world.server.dataDir, 'live'));
    expect(folders.filter((name) => name !== '.trash')).toEqual([]);
    // Nothing of the source is taken away.
    expect([...world.segments.objects.keys()].filter((name) => name.startsWith(stream.key))).toHaveLength(
      SECONDS + 1,
    );

    const one = await fetch(`${world.server.url}/recording/${done.id}`);
    expect(await one.json()).toMatchObject({ recording: { id: done.id, status: 'completed' } });
    const listed = await fetch(`${world.server.url}/api/recordings`);
    expect((await listed.json()).recordings[0].id).toBe(done.id);
    const missing = await fetch(`${world.server.url}/api/recordings/${crypto.randomUUID()}`);
    expect([missing.status, await missing.json()]).toEqual([
      404,
      { error: 'Recording not found', code: 'recording_not_found' },
    ]);
    for (const message of [
      'Stream Monitor started',
      `Webhook received: stream.started for stream ${stream.id}`,
      'Downloading segment: segment_000.ts',
      'Stream ended, starting processing...',
      `Concatenating ${SECONDS} segments...`,
      `Recording completed: recordings/${stream.key}.mp4`,
    ]) {
      expect(world.log.some((line) => line.includes(`"msg":"${message}"`))).toBe(true);
    }
  },
  TIMEOUT_MS,
);
