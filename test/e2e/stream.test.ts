/** The page that streams from the browser, and the page that watches: camera and microphone by MediaRecorder, seen by who comes late. */
import { afterAll, beforeAll, expect, test } from 'bun:test';
import type { Page } from 'playwright-core';
import { launchBrowser, type TestBrowser } from '../support/browser.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const TIMEOUT_MS = 180_000;
const PATIENCE = { timeout: 60_000, polling: 100 };
const LATE_SECONDS = 10;

let server: TestServer;
let browser: TestBrowser;

beforeAll(async () => {
  [server, browser] = await Promise.all([startTestServer(), launchBrowser()]);
}, TIMEOUT_MS);

afterAll(async () => {
  await browser?.close();
  await server?.close();
}, TIMEOUT_MS);

test(
  'a page streams camera and microphone; one that opens ten seconds later plays them; the first sees who watches',
  async () => {
    const complaints: string[] = [];
    const publisher = await open(complaints);
    await publisher.goto(new URL('/', server.url).href);
    await publisher.click('[data-action=stream]');
    await publisher.waitForSelector('.stream [data-action=toggle-stream]:not(:disabled)', PATIENCE);
    // By the keyboard alone.
    await publisher.focus('[data-action=toggle-stream]');
    await publisher.keyboard.press('Enter');
    await publisher.waitForSelector('.stream[data-state=live]', PATIENCE);
    const address = await publisher.inputValue('#stream-address');
    await publisher.waitForFunction(
      (seconds) => (document.querySelector<HTMLVideoElement>('.stream video')?.currentTime ?? 0) > seconds,
      LATE_SECONDS,
      PATIENCE,
    );

    const viewer = await open(complaints);
    await viewer.goto(address);
    await viewer.waitForSelector('.watch[data-state=playing]', PATIENCE);
    await playsOn(viewer);
    // The camera's own second: the picture is of now, and not the first one that was sent.
    expect(await viewer.evaluate(() => document.querySelector('video')?.currentTime)).toBeGreaterThan(
      LATE_SECONDS / 2,
    );
    await viewer.click('[data-action=sound]');
    await hearsSomething(viewer);
    await publisher.waitForSelector('.stream-operators [data-connected=true]', PATIENCE);

    await publisher.click('[data-action=toggle-stream]');
    await viewer.waitForSelector('.watch[data-state=ended]', PATIENCE);
    expect(complaints).toEqual([]);
    await publisher.context().close();
    await viewer.context().close();
  },
  TIMEOUT_MS,
);

test(
  'a page that watches waits for what is not there, and says so when it will not be let in',
  async () => {
    const viewer = await open([]);
    await viewer.goto(new URL('/stream/01a1fd47-2503-775f-89fa-9e9145e2f13f', server.url).href);
    await viewer.waitForSelector('.watch[data-state=refused]', PATIENCE);
    await viewer.context().close();
  },
  TIMEOUT_MS,
);

/** A page whose exceptions are complaints. */
async function open(complaints: string[]): Promise<Page> {
  const page = await browser.newPage();
  page.on('pageerror', (error) => complaints.push(String(error)));
  return page;
}

/** New pictures come, and time goes on. */
async function playsOn(page: Page): Promise<void> {
  const startedAt = await page.evaluate(() => {
    const video = document.querySelector('video');
    return {
      seconds: video?.currentTime ?? 0,
      frames: video?.getVideoPlaybackQuality().totalVideoFrames ?? 0,
    };
  });
  await page.waitForFunction(
    ({ seconds, frames }) => {
      const video = document.querySelector('video');
      const shown = video?.getVideoPlaybackQuality().totalVideoFrames ?? 0;
      return video?.videoWidth !== 0 && video?.currentTime !== seconds && shown > frames + 20;
    },
    startedAt,
    PATIENCE,
  );
}

/** The beep of the browser's own microphone comes out of the player. */
async function hearsSomething(page: Page): Promise<void> {
  await page.waitForFunction(
    () => {
      const video = document.querySelector('video') as HTMLVideoElement & {
        webkitAudioDecodedByteCount?: number;
      };
      return (video.webkitAudioDecodedByteCount ?? 0) > 0 && !video.muted && !video.paused;
    },
    undefined,
    PATIENCE,
  );
}
