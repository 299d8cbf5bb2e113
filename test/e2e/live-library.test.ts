/** A live stream in the library of the page: its recording grows while one looks, and plays when the stream has ended. */
import { afterAll, beforeAll, expect, test } from 'bun:test';
import { launchBrowser, type TestBrowser } from '../support/browser.ts';
import { type Hls, makeHls, playlistOf } from '../support/live/hls.ts';
import { LiveWorld } from '../support/live/live-world.ts';

const TIMEOUT_MS = 120_000;

let world: LiveWorld;
let browser: TestBrowser;
let hls: Hls;

beforeAll(async () => {
  [world, browser, hls] = await Promise.all([LiveWorld.open(), launchBrowser(), makeHls()]);
}, TIMEOUT_MS);

afterAll(async () => {
  await browser?.close();
  await world?.close();
}, TIMEOUT_MS);

test(
  'it appears with its growing duration, and plays when it is completed',
  async () => {
    const stream = world.newStream();
    const put = (count: number, isEnded = false) => {
      const names = hls.segments.slice(0, count);
      for (const name of names) stream.put(name, hls.files.get(name)!);
      stream.putPlaylist(playlistOf({ entries: names, isEnded }));
    };
    put(2);
    await world.tell('stream.started', stream);
    const page = await browser.newPage();
    const complaints: string[] = [];
    page.on('pageerror', (error) => complaints.push(String(error)));
    await page.goto(`${world.server.url}/library#token=${await world.server.token('ann')}`);
    const row = `.recording:has(.recording-name:text-is("${stream.key}"))`;
    await page.waitForSelector(`${row}[data-status=recording] .recording-facts:has-text("· 0:02 ·")`);
    expect(await page.isDisabled(`${row} [data-action=play]`)).toBe(true);
    put(5);
    await page.waitForSelector(`${row}[data-status=recording] .recording-facts:has-text("· 0:05 ·")`);
    put(6, true);
    await world.tell('stream.ended', stream);
    await page.waitForSelector(`${row}[data-status=completed] .recording-facts:has-text("· 0:06 ·")`);
    await page.click(`${row} [data-action=play]`);
    await page.waitForFunction(() => {
      const video = document.querySelector<HTMLVideoElement>('.player video');
      return video !== null && video.videoWidth === 320 && video.currentTime > 1;
    });
    const duration = await page.$eval('.player video', (video) => (video as HTMLVideoElement).duration);
    expect(Math.abs(duration - 6)).toBeLessThan(1);
    expect(complaints).toEqual([]);
  },
  TIMEOUT_MS,
);
