/** The broadcast view of a host, and the page for viewers: an encoder with what the view shows is seen on that page. */
import { afterAll, beforeAll, expect, test } from 'bun:test';
import { launchBrowser, type TestBrowser } from '../support/browser.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { showsColor } from './fake-person.ts';
import { Person, type PersonOptions } from './person.ts';
import { installWhipPage } from './whip-page.ts';

const TIMEOUT_MS = 120_000;
const PATIENCE = { timeout: 40_000, polling: 60 };

const HANNA: PersonOptions = { userId: 'hanna', name: 'Hanna', color: [200, 40, 40], tone: 440 };
const STUDIO: PersonOptions = { userId: 'studio', name: 'studio', color: [40, 160, 60], tone: 660 };
const VERA: PersonOptions = { userId: 'vera', name: 'Vera', color: [120, 120, 120], tone: 220 };

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
  'a host finds the address and a token for an encoder; viewers see it on a page that waits for it',
  async () => {
    const vera = await Person.create(browser, VERA);
    await vera.page.goto(
      `${new URL('/watch/show', server.url).href}#token=${await server.token('vera', ['participant'])}`,
    );
    await vera.page.waitForSelector('.watch[data-state=waiting]');

    const hanna = await Person.create(browser, HANNA);
    const token = await server.token('hanna');
    await fetch(`${server.url}/video-calls`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ id: 'show' }),
    });
    await hanna.join(new URL('/call/show', server.url).href, token);
    await hanna.page.click(hanna.control('people'));
    await hanna.page.click('[data-action=broadcast]');
    await hanna.page.waitForFunction(
      () => document.querySelector<HTMLInputElement>('#whip-token')?.value !== '',
    );
    const shown = await hanna.page.evaluate(() => ({
      path: document.querySelector<HTMLInputElement>('#whip-address')?.value ?? '',
      token: document.querySelector<HTMLInputElement>('#whip-token')?.value ?? '',
    }));
    expect(shown.path).toBe(`${new URL(server.url).origin}/whip/show`);
    await hanna.page.click('[data-action=close-broadcast]');

    const studio = await Person.create(browser, STUDIO);
    await studio.page.addInitScript(installWhipPage);
    await studio.page.goto(new URL('/health', server.url).href);
    await studio.page.evaluate((given) => window.publishByWhip(given), shown);
    await hanna.page.waitForSelector('article[data-user-id^=guest-] video');

    await vera.page.waitForSelector('.watch[data-state=playing]', { timeout: 40_000 });
    await vera.seesFrames('.watch');
    await hanna.page.click(hanna.control('leave'));
    await vera.page.waitForFunction(showsColor, { tile: '.watch', color: STUDIO.color }, PATIENCE);
    await vera.page.click('[data-action=sound]');
    expect(await vera.page.evaluate(() => document.querySelector('video')?.muted)).toBe(false);
    for (const person of [vera, hanna, studio]) {
      expect(person.complaints).toEqual([]);
      await person.close();
    }
  },
  TIMEOUT_MS,
);
