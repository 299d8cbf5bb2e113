/** Simulcast that follows what is shown: a browser sends no layer that nobody looks at. */
import { afterAll, beforeAll, expect, test } from 'bun:test';
import { launchBrowser, type TestBrowser } from '../support/browser.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { readActiveLayers, watchPeerConnections } from './peer-connections.ts';
import { Person } from './person.ts';

const TIMEOUT_MS = 90_000;
const SMALL = { width: 320, height: 320 };
const LARGE = { width: 1280, height: 720 };

let server: TestServer;
let browser: TestBrowser;

beforeAll(async () => {
  [server, browser] = await Promise.all([startTestServer(), launchBrowser()]);
}, TIMEOUT_MS);

afterAll(async () => {
  await browser?.close();
  await server?.close();
}, TIMEOUT_MS);

async function enter(userId: string, color: readonly [number, number, number]): Promise<Person> {
  const person = await Person.create(browser, { userId, name: userId, color, tone: 440 });
  await watchPeerConnections(person.page);
  await person.join(`${server.url}/call/layers`, await server.token(userId));
  return person;
}

async function sends(person: Person, layers: readonly boolean[]): Promise<void> {
  const deadline = performance.now() + 20_000;
  let active = await readActiveLayers(person.page);
  while (!Bun.deepEquals(active, layers)) {
    if (performance.now() > deadline) throw new Error(`${person.userId} sends ${active}, not ${layers}.`);
    await Bun.sleep(100);
    active = await readActiveLayers(person.page);
  }
}

test(
  'the large layers stop while the only viewer shows a small picture, and start again when it grows',
  async () => {
    const alice = await enter('alice', [200, 40, 40]);
    const bob = await enter('bob', [40, 160, 60]);
    await bob.sees(alice);
    await bob.page.setViewportSize(SMALL);
    await sends(alice, [true, false, false]);
    await bob.seesFrames(bob.tile(alice));
    await bob.page.setViewportSize(LARGE);
    await bob.page.hover(bob.tile(alice));
    await bob.page.click(`${bob.tile(alice)} .tile-pin`);
    await sends(alice, [true, true, true]);
    await bob.seesFrames(bob.tile(alice));
    await bob.close();
    // Nobody is left who looks: the smallest one goes on for whoever comes next.
    await sends(alice, [true, false, false]);
    expect(alice.complaints).toEqual([]);
    await alice.close();
  },
  TIMEOUT_MS,
);
