/** The library of the page: lists, plays, downloads and deletes recordings, and says why when it cannot. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'bun:test';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { launchBrowser, type TestBrowser } from '../support/browser.ts';
import { addRecording, type RecordedFile } from '../support/recorded.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const TIMEOUT_MS = 60_000;
const SECONDS = 20;

let server: TestServer;
let browser: TestBrowser;
let folder: string;
let files: readonly RecordedFile[];
const pages: Page[] = [];
const complaints: string[] = [];

beforeAll(async () => {
  [server, browser, folder] = await Promise.all([
    startTestServer(),
    launchBrowser(),
    mkdtemp(join(tmpdir(), 'kaa-film-')),
  ]);
  files = await makeFilm(folder);
}, TIMEOUT_MS);

afterEach(async () => {
  expect(complaints.splice(0)).toEqual([]);
  await Promise.all(pages.splice(0).map((page) => page.context().close()));
});

afterAll(async () => {
  await browser?.close();
  await server?.close();
  await rm(folder, { recursive: true, force: true });
}, TIMEOUT_MS);

/** A film whose every part is another picture, as a recording has it, and a picture of it. */
async function makeFilm(into: string): Promise<readonly RecordedFile[]> {
  const [film, picture] = [join(into, 'film.mp4'), join(into, 'picture.jpg')];
  const source = ['-f', 'lavfi', '-i', `testsrc2=s=640x360:r=30:d=${SECONDS}`];
  const sound = ['-f', 'lavfi', '-i', `sine=f=440:d=${SECONDS}`];
  const encoded = [
    '-c:v',
    'libx264',
    '-preset',
    'ultrafast',
    '-pix_fmt',
    'yuv420p',
    '-g',
    '30',
    '-c:a',
    'aac',
  ];
  await ffmpeg([...source, ...sound, ...encoded, '-movflags', '+faststart', film]);
  await ffmpeg(['-i', film, '-frames:v', '1', '-vf', 'scale=320:-2', picture]);
  return [
    { name: 'recording.mp4', kind: 'composed', type: 'video/mp4', path: film },
    { name: 'thumbnail-1.jpg', kind: 'thumbnail', type: 'image/jpeg', path: picture },
  ];
}

async function ffmpeg(args: readonly string[]): Promise<void> {
  const { exited, stderr } = Bun.spawn(['ffmpeg', '-v', 'error', '-y', ...args], { stderr: 'pipe' });
  if ((await exited) !== 0) throw new Error(await new Response(stderr).text());
}

async function openLibrary(token: string, path = '/library'): Promise<Page> {
  const page = await browser.newPage();
  pages.push(page);
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    // What a test has the server refuse, the browser logs by itself.
    const isOurs = message.type() === 'error' && !/Failed to load resource/.test(message.text());
    if (isOurs) complaints.push(message.text());
  });
  await page.goto(`${new URL(path, server.url)}#token=${token}`);
  return page;
}

const row = (id: string) => `[data-recording-id="${id}"]`;
const names = (page: Page) => page.locator('.recording-name').allTextContents();

/** Resolves when the film has gone on for a while since now. */
async function playsOn(page: Page): Promise<void> {
  const from = await page.$eval('.player video', (video) => (video as HTMLVideoElement).currentTime);
  await page.waitForFunction((before) => {
    const video = document.querySelector<HTMLVideoElement>('.player video');
    return video !== null && video.videoWidth === 640 && video.currentTime > before + 0.5;
  }, from);
}

describe('the list', () => {
  test(
    'is empty, and says what will be there',
    async () => {
      const page = await openLibrary(await server.token('nobody'));
      await page.waitForSelector('.library-empty:has-text("No recordings yet")');
      expect(await page.isVisible('.recordings')).toBe(false);
      expect(await page.isVisible('.pager')).toBe(false);
    },
    TIMEOUT_MS,
  );

  test(
    'has the newest first, by pages, each with its picture, its length and its size',
    async () => {
      const ids: string[] = [];
      for (let number = 1; number <= 22; number += 1) {
        const has = number === 22 ? { files, durationSeconds: SECONDS } : {};
        ids.push(await addRecording(server, { ownerId: 'ann', name: `Talk ${number}`, ...has }));
      }
      const page = await openLibrary(await server.token('ann'));
      await page.waitForSelector('.recording');
      expect(await names(page)).toEqual(Array.from({ length: 20 }, (_, index) => `Talk ${22 - index}`));
      expect(await page.textContent('.library-title .muted')).toBe('22 recordings');
      const newest = row(ids.at(-1)!);
      expect(await page.textContent(`${newest} .recording-facts`)).toMatch(/ · 0:20 · [\d.]+ [kM]B$/);
      await page.waitForFunction(
        (selector) => (document.querySelector<HTMLImageElement>(selector)?.naturalWidth ?? 0) === 320,
        `${newest} .thumbnail img`,
      );
      await page.click('[data-action=older]');
      await page.waitForSelector('.pager:has-text("Page 2 of 2")');
      await page.waitForSelector('.recording-name:text-is("Talk 1")');
      expect(await names(page)).toEqual(['Talk 2', 'Talk 1']);
      expect(new URL(page.url()).search).toBe('?page=2');
      await page.reload();
      await page.waitForSelector('.recording-name:text-is("Talk 1")');
      await page.click('[data-action=newer]');
      await page.waitForSelector('.recording-name:text-is("Talk 22")');
    },
    TIMEOUT_MS,
  );

  test(
    'says why it cannot be shown: to guests of one call, to those whose access has ended, and without a server',
    async () => {
      const guest = await server.token('guest', [], { grants: { room: { subscribe: true } } });
      const asGuest = await openLibrary(guest);
      await asGuest.waitForSelector('[role=alert]:visible:has-text("for one call only")');
      // On this machine the page gets itself another token.
      const expired = await openLibrary('a-token-that-is-none');
      await expired.waitForSelector('.library-empty');
      const elsewhere = await browser.newPage();
      pages.push(elsewhere);
      await elsewhere.route('**/auth/dev-token', (route) => route.fulfill({ status: 404, body: '{}' }));
      await elsewhere.goto(`${server.url}/library#token=a-token-that-is-none`);
      await elsewhere.waitForSelector('[role=alert]:visible:has-text("You need an invitation link")');

      const page = await browser.newPage();
      pages.push(page);
      let isAway = true;
      await page.route('**/recordings?*', (route) => (isAway ? route.abort() : route.continue()));
      await page.goto(`${server.url}/library#token=${await server.token('nobody')}`);
      await page.waitForSelector('[role=alert]:visible:has-text("The server cannot be reached")');
      isAway = false;
      await page.click('[data-action=look-again]');
      await page.waitForSelector('.library-empty');
      expect(await page.isVisible('[role=alert]')).toBe(false);
    },
    TIMEOUT_MS,
  );
});

describe('a recording', () => {
  test(
    'plays, from any place of it, and goes on with another link when one has expired',
    async () => {
      const id = await addRecording(server, {
        ownerId: 'bea',
        name: 'Film',
        files,
        durationSeconds: SECONDS,
      });
      const page = await openLibrary(await server.token('bea'));
      await page.waitForSelector('.thumbnail img:visible');
      const statuses: number[] = [];
      // Expired is what was asked for before this page asked for the link of a player.
      let links = 0;
      page.on('request', (request) => {
        if (request.url().endsWith(`/recordings/${id}/link`)) links += 1;
      });
      await page.route('**/files/recording.mp4*', (route) =>
        links === 0 ? route.fulfill({ status: 401, body: '{}' }) : route.continue(),
      );
      page.on('response', (response) => {
        if (response.url().includes('recording.mp4')) statuses.push(response.status());
      });
      await page.click(`${row(id)} [data-action=play]`);
      await page.waitForSelector('dialog.player[open]:has-text("Film")');
      await playsOn(page);
      expect(statuses[0]).toBe(401);
      expect(links).toBe(1);
      expect(statuses.slice(1)).toContain(206);
      await page.$eval('.player video', (video) => {
        (video as HTMLVideoElement).currentTime = 15;
      });
      await page.waitForFunction(() => {
        const video = document.querySelector<HTMLVideoElement>('.player video');
        return video !== null && !video.seeking && video.currentTime >= 15;
      });
      await playsOn(page);
      await page.keyboard.press('Escape');
      await page.waitForSelector('dialog.player', { state: 'hidden' });
      await page.waitForSelector('.player video', { state: 'detached' });
      expect(await page.evaluate(() => document.activeElement?.getAttribute('data-action'))).toBe('play');
    },
    TIMEOUT_MS,
  );

  test(
    'is downloaded as a file of its own',
    async () => {
      const id = await addRecording(server, { ownerId: 'cai', name: 'Film', files });
      const page = await openLibrary(await server.token('cai'));
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.click(`${row(id)} [data-action=download]`),
      ]);
      expect(download.suggestedFilename()).toBe('recording.mp4');
      const saved = await Bun.file(await download.path()).bytes();
      expect(Bun.hash(saved)).toBe(Bun.hash(await Bun.file(files[0]!.path).bytes()));
    },
    TIMEOUT_MS,
  );

  test(
    'says that it cannot be played when its file is none, and is kept',
    async () => {
      const path = join(folder, 'broken.mp4');
      await Bun.write(path, 'this is no film');
      const broken = { name: 'recording.mp4', kind: 'composed', type: 'video/mp4', path } as const;
      const id = await addRecording(server, { ownerId: 'dee', name: 'Broken', files: [broken] });
      const page = await openLibrary(await server.token('dee'));
      await page.click(`${row(id)} [data-action=play]`);
      await page.waitForSelector('.player [role=alert]:visible:has-text("cannot play the recording")');
    },
    TIMEOUT_MS,
  );

  test(
    'is deleted after a question, and what the server refuses is told',
    async () => {
      const kept = await addRecording(server, { ownerId: 'eve', name: 'Kept', files });
      const gone = await addRecording(server, { ownerId: 'eve', name: 'Gone', files });
      const page = await openLibrary(await server.token('eve'));
      await page.click(`${row(gone)} [data-action=delete]`);
      await page.waitForSelector('dialog[open]:has-text("Delete Gone?")');
      await page.click('dialog[open] [data-action=cancel]');
      expect(await names(page)).toEqual(['Gone', 'Kept']);
      await page.click(`${row(gone)} [data-action=delete]`);
      await page.click('dialog[open] [data-action=confirm]');
      await page.waitForSelector(row(gone), { state: 'detached' });
      expect(await page.textContent('[data-announcer]')).toBe('Gone was deleted.');
      expect(await page.textContent('.library-title .muted')).toBe('1 recording');
      // Somebody else was faster.
      const answer = await fetch(`${server.url}/recordings/${kept}`, {
        method: 'DELETE',
        headers: { authorization: `Bearer ${await server.token('eve')}` },
      });
      expect(answer.status).toBe(204);
      await page.click(`${row(kept)} [data-action=delete]`);
      await page.click('dialog[open] [data-action=confirm]');
      await page.waitForSelector('.library-empty');
    },
    TIMEOUT_MS,
  );

  test(
    'that failed says why, and is made again when asked',
    async () => {
      const failureReason = 'The sound could not be mixed.';
      const id = await addRecording(server, { ownerId: 'fay', name: 'Failed one', failureReason });
      const page = await openLibrary(await server.token('fay'));
      await page.waitForSelector(`${row(id)}[data-status=failed]:has-text("${failureReason}")`);
      expect(await page.isVisible(`${row(id)} [data-action=download]`)).toBe(false);
      expect(await page.isDisabled(`${row(id)} [data-action=play]`)).toBe(true);
      const [request] = await Promise.all([
        page.waitForRequest((one) => one.url().endsWith(`/recordings/${id}/retry`)),
        page.waitForResponse((one) => one.url().includes(`/recordings/${id}/events`) && one.ok()),
        page.click(`${row(id)} [data-action=retry]`),
      ]);
      expect((await request.response())?.status()).toBe(202);
      // Nothing is left of it to be made into files, and the page is told so by an event.
      await page.waitForSelector(`${row(id)}[data-status=failed]:not(:has-text("${failureReason}"))`);
    },
    TIMEOUT_MS,
  );
});

test(
  'the library is found from the lobby, and the way back',
  async () => {
    const page = await openLibrary(await server.token('gil'), '/');
    await page.click('.library-link[href="/library"]');
    await page.waitForSelector('.library-empty');
    expect(await page.title()).toBe('Recordings · Kaa');
    await page.click('.library-header .brand');
    await page.waitForSelector('.lobby');
  },
  TIMEOUT_MS,
);
