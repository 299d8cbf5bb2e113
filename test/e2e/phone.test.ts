/** The dialler in Chromium, by the provider `mock`: real audio there and back. */
import { afterAll, beforeAll, expect, test } from 'bun:test';
import type { Page } from 'playwright-core';
import { launchBrowser, type TestBrowser } from '../support/browser.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { installPhonePage } from './phone-page.ts';

const TIMEOUT_MS = 120_000;
const PATIENCE = { timeout: 40_000, polling: 50 };
const BEEP_HZ = 1_000;

let server: TestServer;
let browser: TestBrowser;

beforeAll(async () => {
  [server, browser] = await Promise.all([startTestServer(), launchBrowser()]);
}, TIMEOUT_MS);

afterAll(async () => {
  await browser?.close();
  await server?.close();
}, TIMEOUT_MS);

async function open(userId: string): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 480, height: 860 } });
  await page.addInitScript(installPhonePage, BEEP_HZ);
  await page.goto(
    `${new URL('/phone', server.url).href}#token=${await server.token(userId, ['participant'])}`,
  );
  return page;
}

async function dial(page: Page, number: string): Promise<void> {
  await page.fill('#phone-number', number);
  await page.click('[data-action=call]');
}

const reach = (page: Page, state: string) => page.waitForSelector(`.phone[data-state=${state}]`, PATIENCE);

test(
  'the page dials, hears the tone, speaks, hears its echo, mutes itself, and hangs up',
  async () => {
    const page = await open('alice');
    await page.check('#phone-record');
    await dial(page, '+12015550123');
    expect(await page.textContent('#phone-country')).toBe('United States');
    await reach(page, 'active');
    await page.waitForFunction(() => window.phonePage.levelAt(440) > -50, undefined, PATIENCE);
    expect(await page.evaluate(() => window.phonePage.levelAt(1_000))).toBeLessThan(-60);
    await page.waitForFunction(() => window.phonePage.levelAt(440) < -70, undefined, PATIENCE);
    const began = await page.evaluate(() => window.phonePage.beep(0.5));
    const heard = await page.waitForFunction(
      () => (window.phonePage.levelAt(1_000) > -50 ? performance.now() : 0),
      undefined,
      { timeout: 40_000, polling: 5 },
    );
    console.log(`a beep came back after ${Math.round(((await heard.jsonValue()) as number) - began)} ms`);
    expect(await page.textContent('.phone-timer')).toMatch(/^\d+:\d\d$/);
    await page.waitForFunction(
      () => /^Voice missing: \d/.test(document.querySelector('.phone-quality')?.textContent ?? ''),
      undefined,
      PATIENCE,
    );
    await page.click('[data-action=mute]');
    await page.waitForFunction(() => window.phonePage.levelAt(1_000) < -70, undefined, PATIENCE);
    await page.click('[data-action=hang-up]');
    await reach(page, 'completed');
    expect(await page.textContent('.phone-status')).toBe('Call ended');
    expect(await page.textContent('.phone-timer')).toMatch(/^\d+:\d\d$/);
    await page.click('.phone-recorded a');
    await page.waitForSelector('[data-recording-id]', PATIENCE);
    await page.context().close();
  },
  TIMEOUT_MS,
);

test(
  'a call goes on by itself when its media worker dies',
  async () => {
    const page = await open('carol');
    await dial(page, '+12015550123');
    await reach(page, 'active');
    const echoIs = (isThere: boolean) =>
      page.waitForFunction((there) => window.phonePage.levelAt(1_000) > -50 === there, isThere, PATIENCE);
    await page.evaluate(() => window.phonePage.beep(0.5));
    await echoIs(true);
    const [call] = server.app.phone.live.all.filter(({ row }) => row.userId === 'carol');
    if (!call) throw new Error('the call does not live');
    const [pid] = call.call.room.workerPids;
    if (pid === undefined) throw new Error('the call has no worker');
    const killedAt = performance.now();
    process.kill(pid, 'SIGKILL');
    await echoIs(false);
    await echoIs(true);
    console.log(
      `the voice was back ${Math.round(performance.now() - killedAt)} ms after the media worker died`,
    );
    expect(await page.getAttribute('.phone', 'data-state')).toBe('active');
    expect(call.call.room.workerPids).not.toContain(pid);
    await page.click('[data-action=hang-up]');
    await reach(page, 'completed');
    await page.context().close();
  },
  TIMEOUT_MS,
);

test(
  'numbers that do not answer say why, the far end hangs up, and a bad number is refused in words',
  async () => {
    const page = await open('bob');
    for (const [number, state, words] of [
      ['+12015550001', 'failed', 'No call. The number is busy.'],
      ['+12015550002', 'failed', 'No call. Nobody answered.'],
      ['+12015550003', 'failed', 'No call. The call was rejected.'],
      ['+12015550004', 'failed', 'No call. The call failed.'],
      ['+12015550005', 'completed', 'Call ended. The other side hung up.'],
    ] as const) {
      await dial(page, number);
      await page.waitForFunction(
        (text) => document.querySelector('.phone-status')?.textContent === text,
        words,
        PATIENCE,
      );
      expect(await page.getAttribute('.phone', 'data-state')).toBe(state);
    }
    await dial(page, '+19002345678');
    await page.waitForSelector('.phone .problem:not([hidden])', PATIENCE);
    expect(await page.textContent('.phone .problem')).toBe('The number is one that costs its callers extra');
    await page.context().close();
  },
  TIMEOUT_MS,
);

test(
  'the keyboard alone dials, presses keys that the far end hears, and hangs up',
  async () => {
    const page = await open('dora');
    await page.focus('#phone-number');
    await page.keyboard.type('12015550124');
    expect(await page.inputValue('#phone-number')).toBe('+1 201 555 0124');
    await page.evaluate(() => {
      const field = document.querySelector<HTMLInputElement>('#phone-number');
      field?.setSelectionRange(14, 14);
    });
    // One digit in the middle is another one, and the caret is still behind it.
    await page.keyboard.press('Backspace');
    await page.keyboard.press('3');
    await page.keyboard.press('Delete');
    await page.keyboard.press('9');
    expect(await page.inputValue('#phone-number')).toBe('+1 201 555 0139');
    await page.focus('[data-action=call]');
    await page.keyboard.press('Enter');
    await reach(page, 'active');
    const focused = () => page.evaluate(() => document.activeElement?.getAttribute('data-action'));
    expect(await focused()).toBe('hang-up');
    await page.waitForFunction(() => window.phonePage.levelAt(440) > -50, undefined, PATIENCE);
    await page.waitForFunction(() => window.phonePage.levelAt(440) < -70, undefined, PATIENCE);
    // The far end says the tones of the key again, for a moment: a browser that is busy then gets another one.
    let isHeard = false;
    for (let attempt = 0; attempt < 10 && !isHeard; attempt += 1) {
      await page.keyboard.press('5');
      isHeard = await page
        .waitForFunction(
          () => window.phonePage.levelAt(770) > -60 && window.phonePage.levelAt(1_336) > -60,
          undefined,
          { timeout: 3_000, polling: 5 },
        )
        .then(
          () => true,
          () => false,
        );
    }
    expect(isHeard).toBe(true);
    expect(await page.textContent('.phone-keys')).toMatch(/^Keys pressed: 5+$/);
    await page.keyboard.press('Enter');
    await reach(page, 'completed');
    expect(await focused()).toBe('call');
    await page.context().close();
  },
  TIMEOUT_MS,
);

test(
  'a call is given up while it is being dialled, and when its voice cannot come',
  async () => {
    const page = await open('emil');
    let letThrough = () => {};
    const isLetThrough = new Promise<void>((resolve) => {
      letThrough = resolve;
    });
    await page.route('**/initiate', async (route) => {
      await isLetThrough;
      await route.continue();
    });
    await dial(page, '+12015550123');
    await reach(page, 'dialling');
    const ended = page.waitForResponse('**/terminate', { timeout: 40_000 });
    await page.click('[data-action=hang-up]');
    await reach(page, 'idle');
    letThrough();
    expect(await (await ended).json()).toMatchObject({ status: 'completed', duration: 0 });
    expect(await page.getAttribute('.phone', 'data-state')).toBe('idle');
    await page.unroute('**/initiate');

    await page.route('**/answer', (route) => route.abort());
    await dial(page, '+12015550123');
    await page.waitForSelector('.phone .problem:not([hidden])', PATIENCE);
    await reach(page, 'idle');
    const { phone } = server.app;
    expect(phone.live.all.filter(({ row }) => row.userId === 'emil')).toEqual([]);
    await page.context().close();
  },
  TIMEOUT_MS,
);

test(
  'the dialler fits on a small telephone',
  async () => {
    const page = await browser.newPage({
      viewport: { width: 320, height: 640 },
      isMobile: true,
      hasTouch: true,
    });
    await page.goto(new URL('/phone', server.url).href);
    await page.waitForSelector('.phone');
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
    const box = await page.locator('[data-action=call]').boundingBox();
    expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThanOrEqual(640);
    await page.context().close();
  },
  TIMEOUT_MS,
);

test(
  'without a microphone nobody is dialled, and it says so',
  async () => {
    const page = await open('fay');
    await page.evaluate(() => {
      navigator.mediaDevices.getUserMedia = async () => {
        throw new DOMException('', 'NotFoundError');
      };
    });
    await dial(page, '+12015550123');
    await page.waitForSelector('.phone .problem:not([hidden])', PATIENCE);
    expect(await page.textContent('.phone .problem')).toBe('No microphone was found.');
    expect(await page.getAttribute('.phone', 'data-state')).toBe('idle');
    expect(server.app.phone.live.all.filter(({ row }) => row.userId === 'fay')).toEqual([]);
    await page.context().close();
  },
  TIMEOUT_MS,
);
