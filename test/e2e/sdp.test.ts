/** A page that has a plain RTCPeerConnection and no library is in the same call as the users of the app. */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { launchBrowser, type TestBrowser } from '../support/browser.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { Person, type PersonOptions } from './person.ts';
import { installPlainPeer, type PlainOptions } from './plain-peer.ts';

const TIMEOUT_MS = 120_000;

const ALICE: PersonOptions = { userId: 'alice', name: 'Alice', color: [200, 40, 40], tone: 440 };
const PAUL: PersonOptions = { userId: 'paul', name: 'Paul', color: [40, 160, 60], tone: 660 };
const PIA: PersonOptions = { userId: 'pia', name: 'Pia', color: [50, 70, 210], tone: 990 };

let server: TestServer;
let browser: TestBrowser;

beforeAll(async () => {
  [server, browser] = await Promise.all([startTestServer(), launchBrowser()]);
}, TIMEOUT_MS);

afterAll(async () => {
  await browser?.close();
  await server?.close();
}, TIMEOUT_MS);

async function enterApp(options: PersonOptions, roomId: string): Promise<Person> {
  const person = await Person.create(browser, options);
  await person.join(new URL(`/call/${roomId}`, server.url).href, await server.token(options.userId));
  return person;
}

async function enterPlain(
  options: PersonOptions,
  roomId: string,
  more: Partial<PlainOptions> = {},
): Promise<Person> {
  const person = await Person.create(browser, options);
  await person.page.addInitScript(installPlainPeer);
  await person.page.goto(new URL('/health', server.url).href);
  const token = await server.token(options.userId);
  await person.page.evaluate((given) => window.startPlainPeer(given), {
    url: server.url,
    token,
    roomId,
    ...more,
  });
  return person;
}

async function meet(...people: Person[]): Promise<void> {
  for (const person of people) {
    for (const other of people) {
      if (other === person) continue;
      await person.sees(other);
      await person.hears(other);
    }
  }
}

async function leave(...people: Person[]): Promise<void> {
  for (const person of people) expect(person.complaints).toEqual([]);
  await Promise.all(people.map((person) => person.close()));
}

describe('a page without a library', () => {
  test(
    'that offers what it publishes is seen and heard in the app, and sees and hears who is there',
    async () => {
      const alice = await enterApp(ALICE, 'plain');
      const paul = await enterPlain(PAUL, 'plain');
      await paul.page.evaluate(async () => {
        window.peer.pub.addTrack(window.peer.camera);
        window.peer.pub.addTrack(window.peer.microphone);
        await window.peer.offer();
      });
      await meet(alice, paul);
      await leave(alice, paul);
    },
    TIMEOUT_MS,
  );

  test(
    'that only ever answers publishes in the sections that wait for it',
    async () => {
      const alice = await enterApp(ALICE, 'answers');
      const paul = await enterPlain(PAUL, 'answers', { onlyAnswers: true });
      const pia = await enterPlain(PIA, 'answers', { onlyAnswers: true });
      await meet(alice, paul, pia);
      await leave(alice, paul, pia);
    },
    TIMEOUT_MS,
  );
});
