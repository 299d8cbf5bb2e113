/** An upload from Chromium's own offer, as JSON over HTTP: sound, a picture by renegotiation, a stop, and an MP4 with both. */
import { afterAll, beforeAll, expect, test } from 'bun:test';
import { join } from 'node:path';
import { launchBrowser, type TestBrowser } from '../support/browser.ts';
import { completedRecording, probeStreams } from '../support/ingest/results.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { Person, type PersonOptions } from './person.ts';
import { installUploadPage } from './upload-page.ts';

const TIMEOUT_MS = 150_000;
const SOUND_MS = 3_000;
const PICTURE_MS = 4_000;
const STUDIO: PersonOptions = { userId: 'studio', name: 'studio', color: [40, 160, 60], tone: 660 };

let server: TestServer;
let browser: TestBrowser;

beforeAll(async () => {
  const env = { RECORDING_RESOLUTION: '640x360' };
  [server, browser] = await Promise.all([startTestServer({ env }), launchBrowser()]);
}, TIMEOUT_MS);

afterAll(async () => {
  await browser?.close();
  await server?.close();
}, TIMEOUT_MS);

test(
  'sound, then a picture too, then the end: an MP4 that is as long and looks and sounds as the page did',
  async () => {
    const person = await Person.create(browser, STUDIO);
    await person.page.addInitScript(installUploadPage);
    await person.page.goto(new URL('/health', server.url).href);
    const token = await server.token('studio', ['host']);
    const startedAtMs = performance.now();
    const id = await person.page.evaluate((given) => window.beginUpload(given), { token, name: 'page' });
    await Bun.sleep(SOUND_MS);
    await person.page.evaluate(() => window.addCamera());
    await Bun.sleep(PICTURE_MS);
    expect(await person.page.evaluate(() => window.endUpload())).toBe(200);
    const elapsedSeconds = (performance.now() - startedAtMs) / 1_000;

    const recording = await completedRecording(server, id, token);
    expect(recording).toMatchObject({ kind: 'ingest', tracks: 2, file_path: `uploads/${id}/page.mp4` });
    const path = join(server.dataDir, 'recordings', recording.file_path);
    const { streams, seconds } = await probeStreams(path);
    expect(streams).toEqual(['video h264 640x360', 'audio aac']);
    expect(seconds).toBeGreaterThan((SOUND_MS + PICTURE_MS) / 1_000 - 0.5);
    expect(seconds).toBeLessThan(elapsedSeconds + 0.5);
    // The picture came later than the sound, and fills the frame, corner to corner.
    const looksLikeStudio = ([red = 0, green = 0, blue = 0]: readonly number[]) =>
      Math.abs(red - 40) < 40 && Math.abs(green - 160) < 40 && Math.abs(blue - 60) < 40;
    expect(looksLikeStudio(await colorAt(path, 0.5))).toBe(false);
    expect(looksLikeStudio(await colorAt(path, seconds - 1))).toBe(true);
    expect(await meanVolume(path)).toBeGreaterThan(-40);
    expect(person.complaints).toEqual([]);
  },
  TIMEOUT_MS,
);

/** Red, green and blue in the upper left corner. */
async function colorAt(path: string, seconds: number): Promise<number[]> {
  const child = Bun.spawn([
    ...['ffmpeg', '-v', 'error', '-ss', String(seconds), '-i', path, '-frames:v', '1'],
    ...['-vf', 'crop=16:16:4:4,scale=1:1', '-f', 'rawvideo', '-pix_fmt', 'rgb24', '-'],
  ]);
  return [...(await new Response(child.stdout).bytes())];
}

/** In dB. */
async function meanVolume(path: string): Promise<number> {
  const child = Bun.spawn(['ffmpeg', '-i', path, '-af', 'volumedetect', '-vn', '-f', 'null', '-'], {
    stderr: 'pipe',
  });
  const found = /mean_volume: (-?[\d.]+) dB/.exec(await new Response(child.stderr).text());
  return Number(found?.[1] ?? Number.NaN);
}
