/** A call is recorded through the real page: by who may, for everyone to see, and until its files are in the library. */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { launchBrowser, type TestBrowser } from '../support/browser.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { Person } from './person.ts';

const TIMEOUT_MS = 120_000;

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
  await person.join(new URL(`/call/${roomId}`, server.url).href, await server.token(person.userId));
  return person;
}

async function leaveAll(...people: Person[]): Promise<void> {
  for (const person of people) expect(person.complaints).toEqual([]);
  await Promise.all(people.map((person) => person.close()));
}

const press = (person: Person) => person.page.click(person.control('record'));

describe('a recording of a call', () => {
  test(
    'is begun by the host alone, seen by everyone, also by who comes later, and told when it ends',
    async () => {
      const alice = await enter('alice', 'recorded');
      const bob = await enter('bob', 'recorded');
      await Promise.all([alice.sees(bob), bob.sees(alice)]);
      expect(await alice.page.getAttribute(alice.control('record'), 'aria-label')).toBe('Record the call');
      expect(await bob.page.isVisible(bob.control('record'))).toBe(false);
      expect(await bob.page.isVisible('.recording-sign')).toBe(false);

      await press(alice);
      await Promise.all([alice.waitFor(SIGN), bob.waitFor(SIGN)]);
      await alice.waitFor('.toast:has-text("You are recording this call")');
      await bob.waitFor('.toast:has-text("Alice is recording this call.")');
      expect(await bob.page.textContent('.call-header [role=status][aria-live=polite]')).toBe('Recording');
      const carol = await enter('carol', 'recorded');
      await carol.waitFor(SIGN);
      await carol.waitFor('.toast:has-text("This call is being recorded.")');
      expect(await carol.page.isVisible(carol.control('record'))).toBe(false);

      await alice.waitFor(`${alice.control('record')} .control-time:text-matches("^0:(0[2-9]|[1-5])")`);
      expect(await alice.page.getAttribute(alice.control('record'), 'aria-label')).toBe('Stop recording');
      await press(alice);
      const everyone = [alice, bob, carol];
      await Promise.all(
        everyone.map((person) => person.page.waitForSelector('.recording-sign', { state: 'hidden' })),
      );
      await Promise.all(
        everyone.map((person) => person.waitFor('.toast:has-text("The recording was stopped.")')),
      );
      await Promise.all(
        everyone.map((person) => person.waitFor('.finishing:has-text("Making the recording")')),
      );
      await leaveAll(...everyone);
    },
    TIMEOUT_MS,
  );
});
