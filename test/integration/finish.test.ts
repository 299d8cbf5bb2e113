/** From the folder of a recording to its files: what was captured is found again, at its place and at its time. */
import { afterEach, expect, test } from 'bun:test';
import { mkdir, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createLogger } from '../../src/observability/index.ts';
import { type FinishPhase, finishRecording } from '../../src/recording/finish/index.ts';
import { failureOf } from '../support/failure.ts';
import { joinFiles, makePictureFile } from '../support/media/clip.ts';
import { flashesOf, readBeeps, readDuration, readFrames, readPeak } from '../support/media/read-media.ts';
import { RecordingFolder } from '../support/media/recording-folder.ts';

const TIMEOUT_MS = 60_000;
const logger = createLogger({ level: 'fatal', format: 'json', service: 'kaa-test' });

const PHASES = [
  'remuxing',
  'normalising',
  'composing',
  'mixing',
  'encoding',
  'thumbnails',
  'manifest',
] as const;

let folder: RecordingFolder;

afterEach(() => folder.remove());

function finish(signal = new AbortController().signal) {
  const steps: [FinishPhase, number][] = [];
  const onProgress = (phase: FinishPhase, progress: number) => steps.push([phase, progress]);
  return { steps, result: finishRecording(folder.path, { signal, onProgress, logger }) };
}

test(
  'sound and picture are in step, also of a track that begins late and of clocks that are off, and no frame is missing',
  async () => {
    folder = await RecordingFolder.create();
    folder.joined(0, 'ann');
    const camera = folder.published(0, 'ann', 'camera');
    const microphone = folder.published(0, 'ann', 'microphone');
    await folder.segment({ trackId: camera, fromMs: 500, seconds: 10, skewPpm: 500, jitterMs: 30 });
    await folder.segment({ trackId: microphone, fromMs: 7_500, seconds: 4, skewPpm: -500, jitterMs: 30 });
    await folder.close(12_000);
    const { result, steps } = finish();
    const { files, durationMs, tracks } = await result;
    expect([durationMs, tracks]).toEqual([12_000, 2]);
    const path = files[0]!.path;
    const frames = await readFrames(path);
    expect(frames).toHaveLength(360);
    const seen = new Set(frames.filter(({ at }) => at > 0.6 && at < 10.4).map(({ number }) => number));
    expect(seen.size).toBeGreaterThan(290);
    const flashes = flashesOf(frames);
    const beeps = await readBeeps(path);
    expect([flashes.length, beeps.length]).toEqual([10, 4]);
    // Both were the first thing of their tracks, 7 s apart.
    for (const [index, at] of flashes.entries()) expect(Math.abs(at - index - 0.5)).toBeLessThan(0.04);
    for (const [index, at] of beeps.entries()) expect(Math.abs(at - index - 7.5)).toBeLessThan(0.04);
    const values = steps.map(([, progress]) => progress);
    expect(values).toEqual(values.toSorted((x, y) => x - y));
    expect(values.at(-1)).toBe(1);
    expect([...new Set(steps.map(([phase]) => phase))]).toEqual([...PHASES]);
  },
  TIMEOUT_MS,
);

test(
  'a segment that a kill cut off in its head costs that segment, and a broken line no time',
  async () => {
    folder = await RecordingFolder.create({ layout: 'audio-only' });
    folder.joined(0, 'ann');
    const microphone = folder.published(0, 'ann', 'microphone');
    await folder.segment({ trackId: microphone, fromMs: 200, seconds: 2 });
    const cut = await folder.segment({ trackId: microphone, fromMs: 2_300, seconds: 1 });
    // Of this length ffprobe complains as of a broken disk: "Input/output error".
    await truncate(join(folder.path, cut), 300);
    folder.note(9e12, { type: 'heartbeat' });
    await folder.close(4_000);
    const { durationMs, files } = await finish().result;
    expect(durationMs).toBe(4_000);
    expect(await readBeeps(files[0]!.path)).toHaveLength(2);
  },
  TIMEOUT_MS,
);

test('a timeline that cannot be read now is no recording of nothing', async () => {
  folder = await RecordingFolder.create();
  await mkdir(join(folder.path, 'timeline.jsonl'));
  expect(await failureOf(finish().result)).toMatchObject({ code: 'unavailable' });
  await rm(join(folder.path, 'timeline.jsonl'), { recursive: true });
  expect(await failureOf(finish().result)).toMatchObject({ code: 'invalid_state' });
});

test(
  'single tracks are files of their own, as long as the recording, with its sound and picture where they were',
  async () => {
    folder = await RecordingFolder.create({ layout: 'tracks-only' });
    folder.joined(0, 'ann/../x');
    const camera = folder.published(0, 'ann/../x', 'camera');
    const microphone = folder.published(0, 'ann/../x', 'microphone');
    await folder.segment({ trackId: camera, fromMs: 2_000, seconds: 4 });
    await folder.segment({ trackId: microphone, fromMs: 1_000, seconds: 4 });
    await folder.segment({ trackId: microphone, fromMs: 6_500, seconds: 4 });
    await folder.close(11_000);
    const { files } = await finish().result;
    expect(files.map(({ name, kind, type }) => [name, kind, type])).toEqual([
      ['tracks/track-ann____x-camera-1.mp4', 'track', 'video/mp4'],
      ['tracks/track-ann____x-microphone-1.m4a', 'track', 'audio/mp4'],
      ['manifest.json', 'manifest', 'application/json'],
    ]);
    const flashes = flashesOf(await readFrames(files[0]!.path));
    const beeps = await readBeeps(files[1]!.path);
    expectNear(flashes, [2, 3, 4, 5]);
    expectNear(beeps, [1, 2, 3, 4, 6.5, 7.5, 8.5, 9.5]);
    for (const { path } of files.slice(0, 2)) expect(await readDuration(path)).toBeCloseTo(11, 1);
  },
  TIMEOUT_MS,
);

test(
  'sound alone, of people who speak at the same time, is not cut off',
  async () => {
    folder = await RecordingFolder.create({
      layout: 'audio-only',
      format: 'webm',
      audio: { codec: 'opus', bitrate: 64_000 },
    });
    for (let index = 0; index < 26; index += 1) {
      folder.joined(0, `p${index}`);
      const trackId = folder.published(0, `p${index}`, 'microphone');
      await folder.segment({ trackId, fromMs: 500, seconds: 2 });
    }
    await folder.close(3_000);
    const { files, tracks } = await finish().result;
    expect(tracks).toBe(26);
    expect(files.map(({ name, kind, type }) => [name, kind, type])).toEqual([
      ['recording.webm', 'audio', 'audio/webm'],
      ['manifest.json', 'manifest', 'application/json'],
    ]);
    expectNear(await readBeeps(files[0]!.path), [0.5, 1.5]);
    expect(await readPeak(files[0]!.path)).toBeLessThan(1);
  },
  TIMEOUT_MS,
);

test(
  'what was lost on the way costs what was lost: a plan, a segment that is no video, an end, a server in between',
  async () => {
    folder = await RecordingFolder.create();
    folder.joined(0, 'ann');
    const camera = folder.published(0, 'ann', 'camera');
    await folder.segment({ trackId: camera, fromMs: 0, seconds: 2, endReason: null });
    const broken = await folder.segment({
      trackId: camera,
      fromMs: 2_500,
      seconds: 2,
      color: 'red',
      endReason: 'reader-died',
    });
    const empty = await folder.segment({
      trackId: camera,
      fromMs: 2_600,
      seconds: 2,
      color: 'red',
      endReason: 'reader-died',
    });
    folder.restarted(6_000);
    folder.joined(6_000, 'ann');
    folder.published(6_000, 'ann', 'camera');
    await folder.segment({ trackId: camera, fromMs: 6_500, seconds: 4, endReason: null });
    await folder.close();
    await writeFile(join(folder.path, broken), crypto.getRandomValues(new Uint8Array(50_000)));
    await writeFile(join(folder.path, empty), '');
    await rm(join(folder.path, 'recording.json'));
    const { files, durationMs } = await finish().result;
    // There is no line after the last report, but a second of picture.
    expect(Math.abs(durationMs - 10_500)).toBeLessThan(50);
    expectNear(flashesOf(await readFrames(files[0]!.path)), [0, 1, 6.5, 7.5, 8.5, 9.5]);
    const manifest = await Bun.file(files.at(-1)!.path).json();
    expect(manifest.downtimes).toHaveLength(1);
    expect(manifest.tracks[0].gaps.map(({ reason }: { reason: string }) => reason)).toContain('server-down');
    expect(manifest.recording).toMatchObject({ recordingId: 'r', layout: 'grid', format: 'mp4' });
    expect(manifest.files.map(({ name }: { name: string }) => name)).toEqual(
      files.slice(0, -1).map(({ name }) => name),
    );
  },
  TIMEOUT_MS,
);

test(
  'a camera that changes its size on the way costs no frame',
  async () => {
    folder = await RecordingFolder.create();
    folder.joined(0, 'ann');
    const camera = folder.published(0, 'ann', 'camera');
    const small = await makePictureFile({ seconds: 2 });
    const large = await makePictureFile({ seconds: 2, width: 640, height: 360, firstNumber: 60 });
    const file = await joinFiles([small, large, small], join(folder.path, 'changing.mkv'));
    await folder.segment({ trackId: camera, fromMs: 0, seconds: 6, file });
    await folder.close(6_000);
    const { files } = await finish().result;
    const numbers = (await readFrames(files[0]!.path)).map(({ number }) => number);
    const sent = Array.from({ length: 180 }, (_, index) => index % 120);
    expect(numbers.filter((number, index) => number !== sent[index]).length).toBeLessThanOrEqual(2);
  },
  TIMEOUT_MS,
);

test(
  'a moment is a recording too, and so is a single frame of which the clock says that it was before the start',
  async () => {
    folder = await RecordingFolder.create({ startedAtMs: Date.UTC(2027, 0, 1) });
    folder.joined(0, 'ann');
    const camera = folder.published(0, 'ann', 'camera');
    await folder.segment({ trackId: camera, fromMs: 0, seconds: 0.04, color: 'red' });
    await folder.close(50);
    const { files, durationMs } = await finish().result;
    expect(durationMs).toBe(100);
    expect(files.map(({ kind }) => kind)).toEqual([
      'composed',
      'thumbnail',
      'thumbnail',
      'thumbnail',
      'manifest',
    ]);
    expect(await readFrames(files[0]!.path)).toHaveLength(3);
  },
  TIMEOUT_MS,
);

test('a folder in which nothing was captured is told so', async () => {
  folder = await RecordingFolder.create();
  expect(await failureOf(finish().result)).toMatchObject({ code: 'invalid_state' });
  folder.joined(0, 'ann');
  await folder.close(5_000);
  expect(await failureOf(finish().result)).toMatchObject({
    code: 'invalid_state',
    message: 'nothing was captured',
  });
});

function expectNear(seen: readonly number[], wanted: readonly number[]): void {
  expect(seen.map((at) => Math.round(at * 2) / 2)).toEqual([...wanted]);
  for (const [index, at] of seen.entries()) expect(Math.abs(at - wanted[index]!)).toBeLessThan(0.04);
}
