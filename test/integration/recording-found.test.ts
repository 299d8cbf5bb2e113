/** A server that finds recordings in its folders that nobody knows of: whatever is in there, it starts, and finishes what can be. */
import { afterEach, expect, test } from 'bun:test';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newId } from '../../src/lib/index.ts';
import { readTimeline } from '../../src/recording/capture/index.ts';
import { makeClip } from '../support/media/clip.ts';
import { RecordingScene } from '../support/recording-scene.ts';
import { createDataDir, startTestServer, type TestServer } from '../support/server.ts';
import { until } from '../support/until.ts';

const TIMEOUT_MS = 120_000;
const ENV = {
  CALL_EMPTY_TIMEOUT: '1s',
  RECONNECT_GRACE: '1s',
  DISK_MIN_FREE: '1MiB',
  RECORDING_RESOLUTION: '320x180',
  LOG_LEVEL: 'fatal',
};

const opened: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const one of opened.splice(0).toReversed()) await one.close();
});

async function openFolder(made: Promise<string>): Promise<string> {
  const path = await made;
  opened.push({ close: () => rm(path, { recursive: true, force: true }) });
  return path;
}

/** The folder of a recording of two seconds whose server stopped. */
async function captureFolder(): Promise<string> {
  const dataDir = await openFolder(createDataDir());
  const server = await startTestServer({ dataDir, env: ENV });
  const scene = await RecordingScene.create(server);
  await scene.feedBob(await makeClip(20));
  const folder = join(dataDir, 'capture', await scene.start());
  while ((await timelineOf(folder)).filter(({ type }) => type === 'segment-began').length < 2)
    await Bun.sleep(50);
  await Bun.sleep(2_000);
  await scene.close();
  await server.close();
  return folder;
}

/** Puts a copy of a recording into a data folder, and changes it there. */
async function plant(
  from: string,
  capture: string,
  change: { plan?: object; damage?: (folder: string) => Promise<unknown> },
): Promise<string> {
  const id = newId();
  const folder = join(capture, id);
  await cp(from, folder, { recursive: true });
  const plan = JSON.parse(await readFile(join(folder, 'recording.json'), 'utf8'));
  await writeFile(
    join(folder, 'recording.json'),
    JSON.stringify({ ...plan, recordingId: id, ...change.plan }),
  );
  await change.damage?.(folder);
  return id;
}

async function outcome({ app }: TestServer, id: string): Promise<string> {
  const { recordingRepository } = app.calls;
  for (;;) {
    const row = await recordingRepository.findRow(id);
    if (!row) return 'unknown';
    if (row.status === 'failed') return `failed: ${row.failureReason}`;
    if (row.status === 'completed') return `completed with ${row.trackCount}`;
    await Bun.sleep(100);
  }
}

const timelineOf = (folder: string) => readTimeline(join(folder, 'timeline.jsonl'));

const segmentsOf = async (folder: string) =>
  (await readdir(folder)).filter((name) => name.endsWith('.mkv')).map((name) => join(folder, name));

const spoil = (path: string, change: (bytes: Buffer) => Buffer) =>
  readFile(path).then((bytes) => writeFile(path, change(bytes)));

test(
  'folders that are damaged, forged or not its own neither keep it from starting nor from finishing the others',
  async () => {
    const good = await captureFolder();
    const dataDir = await openFolder(createDataDir());
    const outside = await openFolder(mkdtemp(join(tmpdir(), 'kaa-outside-')));
    await cp(good, outside, { recursive: true });
    const capture = join(dataDir, 'capture');
    await mkdir(capture);
    const timeline = (folder: string) => join(folder, 'timeline.jsonl');

    const plain = await plant(good, capture, {});
    const forged = [
      await plant(good, capture, { plan: { recordingId: '../../elsewhere' } }),
      await plant(good, capture, { plan: { recordingId: plain } }),
      await plant(good, capture, { plan: { callId: "'; drop table calls" } }),
      await plant(good, capture, { plan: { name: 'with \u0000' } }),
      await plant(good, capture, { plan: { startedAtMs: 1e300 } }),
      await plant(good, capture, { plan: { startedAtMs: 'now' } }),
      await plant(good, capture, { damage: (folder) => writeFile(join(folder, 'recording.json'), '{"rec') }),
    ];
    const torn = await plant(good, capture, {
      damage: (folder) =>
        spoil(timeline(folder), (bytes) =>
          Buffer.concat([
            Buffer.from('\u0000\u0001garbage\n{"type":"anchor"}\n[]\nnull\n'),
            bytes,
            Buffer.from(
              '{"type":"segment-opened","segment":"../../../etc/passwd","trackId":"x","mimeType":"video/VP8","clockRate":90000,"atMs":1}\n',
            ),
            Buffer.from('{"type":"track-add'),
          ]),
        ),
    });
    const garbage = await plant(good, capture, {
      damage: async (folder) => {
        for (const path of await segmentsOf(folder))
          await spoil(path, ({ length }) => Buffer.alloc(length, 0xa5));
      },
    });
    const flipped = await plant(good, capture, {
      damage: async (folder) => {
        for (const path of await segmentsOf(folder)) {
          await spoil(path, (bytes) =>
            Buffer.from(bytes.map((byte, at) => (at > 600 && at % 97 === 0 ? byte ^ 0xff : byte))),
          );
        }
      },
    });
    const cut = await plant(good, capture, {
      damage: async (folder) => {
        for (const path of await segmentsOf(folder))
          await spoil(path, (bytes) => bytes.subarray(0, bytes.length / 2));
      },
    });
    const empty = await plant(good, capture, { damage: (folder) => writeFile(timeline(folder), '') });
    await writeFile(join(capture, newId()), 'a file');
    await symlink(outside, join(capture, newId()));
    await symlink('/nowhere', join(capture, newId()));
    await mkdir(join(capture, 'lost+found'));

    const server = await startTestServer({ dataDir, env: ENV });
    opened.push(server);
    expect(await outcome(server, plain)).toBe('completed with 2');
    expect(await outcome(server, torn)).toBe('completed with 2');
    expect(await outcome(server, cut)).toBe('completed with 2');
    expect(await outcome(server, garbage)).toBe('failed: nothing was captured');
    expect(await outcome(server, empty)).toBe('failed: nothing was captured');
    expect(await outcome(server, flipped)).toStartWith('completed');
    for (const id of forged) expect(await outcome(server, id)).toBe('unknown');
    // Nothing of what is not known is touched.
    expect(await readdir(capture)).toEqual(expect.arrayContaining([...forged, 'lost+found']));
    expect(await readdir(outside)).toContain('timeline.jsonl');
    expect((await fetch(`${server.url}/health`)).status).toBe(200);
    await until('nothing waits', () => server.app.calls.recordings.runningCount === 0);
  },
  TIMEOUT_MS,
);
