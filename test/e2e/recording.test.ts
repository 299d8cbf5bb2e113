/** A call is recorded through the real page: by who may, for everyone to see, and until its files are in the library. */
import { afterAll, beforeAll, expect, test } from 'bun:test';
import type { Page } from 'playwright-core';
import { launchBrowser, type TestBrowser } from '../support/browser.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { Person } from './person.ts';

const TIMEOUT_MS = 180_000;
/** Two cores make a few seconds of three people into files in less. */
const MAKING = { timeout: 90_000 };

const PEOPLE = {
  alice: { userId: 'alice', name: 'Alice', color: [200, 40, 40], tone: 440 },
  bob: { userId: 'bob', name: 'Bob', color: [40, 160, 60], tone: 660 },
  carol: { userId: 'carol', name: 'Carol', color: [50, 70, 210], tone: 990 },
} as const;

const SIGN = '.recording-sign:visible:has-text("Recording")';

let server: TestServer;
let browser: TestBrowser;

beforeAll(async () => {
  [server, browser] = await Promise.all([
    startTestServer({ env: { DISK_MIN_FREE: '1MiB' } }),
    launchBrowser(),
  ]);
}, TIMEOUT_MS);

afterAll(async () => {
  await browser?.close();
  await server?.close();
}, TIMEOUT_MS);

async function enter(who: keyof typeof PEOPLE, roomId: string): Promise<Person> {
  const person = await Person.create(browser, PEOPLE[who]);
  await join(person, roomId);
  return person;
}

async function join(person: Person, roomId: string): Promise<void> {
  await person.join(new URL(`/call/${roomId}`, server.url).href, await server.token(person.userId));
}

async function leaveAll(...people: Person[]): Promise<void> {
  for (const person of people) expect(person.complaints).toEqual([]);
  await Promise.all(people.map((person) => person.close()));
}

const press = (person: Person) => person.page.click(person.control('record'));

/** Somebody in front of the library, in a window of its own. */
async function openLibrary(userId: string): Promise<Page> {
  const page = await browser.newPage();
  await page.goto(`${server.url}/library#token=${await server.token(userId)}`);
  return page;
}

const PLAYER = '.player video';

/** Resolves when the picture has gone on for a while since now. */
async function playsOn(page: Page): Promise<void> {
  const from = await page.$eval(PLAYER, (video) => (video as HTMLVideoElement).currentTime);
  await page.waitForFunction(
    ({ selector, before }) => {
      const video = document.querySelector<HTMLVideoElement>(selector);
      return video !== null && video.videoWidth > 0 && video.currentTime > before + 0.3;
    },
    { selector: PLAYER, before: from },
  );
}

/** Resolves when the player shows another place; gives where it is then, in seconds, and how long all is. */
async function seek(page: Page, part: number): Promise<{ wanted: number; at: number; duration: number }> {
  return page.$eval(
    PLAYER,
    async (element, share) => {
      const video = element as HTMLVideoElement;
      video.pause();
      const wanted = video.duration * share;
      const sought = new Promise((resolve) => video.addEventListener('seeked', resolve, { once: true }));
      video.currentTime = wanted;
      await sought;
      return { wanted, at: video.currentTime, duration: video.duration };
    },
    part,
  );
}

test(
  'a recording is begun by the host alone, seen by everyone, also by who comes later, and is in the library after its end',
  async () => {
    const alice = await enter('alice', 'recorded');
    const bob = await enter('bob', 'recorded');
    await Promise.all([alice.sees(bob), bob.sees(alice)]);
    expect(await alice.page.getAttribute(alice.control('record'), 'aria-label')).toBe('Record the call');
    expect(await bob.page.isVisible(bob.control('record'))).toBe(false);
    expect(await bob.page.isVisible('.recording-sign')).toBe(false);

    await Promise.all([
      alice.waitFor(SIGN),
      alice.waitFor('.toast:has-text("You are recording this call")'),
      bob.waitFor(SIGN),
      bob.waitFor('.toast:has-text("Alice is recording this call.")'),
      press(alice),
    ]);
    expect(await bob.page.textContent('.call-header [role=status][aria-live=polite]')).toBe('Recording');
    const carol = await Person.create(browser, PEOPLE.carol);
    await Promise.all([
      carol.waitFor(SIGN),
      carol.waitFor('.toast:has-text("This call is being recorded.")'),
      join(carol, 'recorded'),
    ]);
    expect(await carol.page.isVisible(carol.control('record'))).toBe(false);
    const library = await openLibrary('bob');
    await library.waitForSelector('.recording[data-status=recording]:has-text("Being recorded now")');

    await alice.waitFor(`${alice.control('record')} .control-time:text-matches("^0:(0[4-9]|[1-5])|^[1-9]")`);
    expect(await alice.page.getAttribute(alice.control('record'), 'aria-label')).toBe('Stop recording');
    const everyone = [alice, bob, carol];
    await Promise.all([
      ...everyone.flatMap((person) => [
        person.page.waitForSelector('.recording-sign', { state: 'hidden' }),
        person.waitFor('.toast:has-text("The recording was stopped.")'),
        person.waitFor('.finishing:has-text("Making the recording")'),
      ]),
      press(alice),
    ]);
    await Promise.all([
      ...everyone.map(({ page }) =>
        page.waitForSelector('.finishing:has-text("Recording is ready")', MAKING),
      ),
      library.waitForSelector('.recording[data-status=completed] .thumbnail img:visible', MAKING),
    ]);

    const [tab] = await Promise.all([
      alice.page.waitForEvent('popup'),
      alice.page.click('.finishing .library-link'),
    ]);
    await tab.click('.recording [data-action=play]');
    await playsOn(tab);
    const { wanted, at, duration } = await seek(tab, 0.6);
    expect(duration).toBeGreaterThan(3);
    expect(Math.abs(at - wanted)).toBeLessThan(0.1);
    await tab.$eval(PLAYER, (video) => (video as HTMLVideoElement).play());
    await playsOn(tab);

    await library.click('.recording [data-action=delete]');
    await library.click('dialog[open] [data-action=confirm]');
    await library.waitForSelector('.recording-problem:has-text("Only the host of the call")');
    await tab.keyboard.press('Escape');
    await tab.click('.recording [data-action=delete]');
    await tab.click('dialog[open] [data-action=confirm]');
    await tab.waitForSelector('.library-empty');
    await alice.waitFor('.call[data-connection=connected]');
    await library.context().close();
    await leaveAll(...everyone);
  },
  TIMEOUT_MS,
);

test(
  'who was away for a moment knows whether the call is recorded',
  async () => {
    const alice = await enter('alice', 'away');
    await press(alice);
    await alice.waitFor(SIGN);
    await alice.page.reload();
    await alice.page.click('[data-action=join]');
    await alice.waitFor(SIGN);
    await press(alice);
    await alice.page.waitForSelector('.recording-sign', { state: 'hidden' });
    await alice.page.click(alice.control('leave'));
    await alice.waitFor('.ended .library-link');
    await leaveAll(alice);
  },
  TIMEOUT_MS,
);
