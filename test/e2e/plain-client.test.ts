/** The example of a page without a library, served from another port as its comment says: it meets a user of the app. */
import { afterAll, beforeAll, expect, test } from 'bun:test';
import { join } from 'node:path';
import { launchBrowser, type TestBrowser } from '../support/browser.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { showsColor } from './fake-person.ts';
import { Person, type PersonOptions } from './person.ts';

const TIMEOUT_MS = 120_000;
const PAGE = join(import.meta.dir, '../../examples/plain-client.html');
const ALICE: PersonOptions = { userId: 'alice', name: 'Alice', color: [200, 40, 40], tone: 440 };
const PAUL: PersonOptions = { userId: 'paul', name: 'Paul', color: [40, 160, 60], tone: 660 };

let server: TestServer;
let browser: TestBrowser;
let files: ReturnType<typeof Bun.serve>;

beforeAll(async () => {
  files = Bun.serve({ hostname: '127.0.0.1', port: 0, fetch: () => new Response(Bun.file(PAGE)) });
  [server, browser] = await Promise.all([startTestServer(), launchBrowser()]);
}, TIMEOUT_MS);

afterAll(async () => {
  await browser?.close();
  await server?.close();
  await files?.stop(true);
}, TIMEOUT_MS);

test(
  'it is seen and heard in the app, and shows who is there',
  async () => {
    const alice = await Person.create(browser, ALICE);
    await alice.join(new URL('/call/example', server.url).href, await server.token('alice'));
    const paul = await Person.create(browser, PAUL);
    await paul.page.goto(`http://localhost:${files.port}/plain-client.html`);
    const fields = { url: server.url, room: 'example', user: 'paul', token: await server.token('paul') };
    for (const [id, value] of Object.entries(fields)) await paul.page.fill(`#${id}`, value);
    await paul.page.click('button');
    await alice.sees(paul);
    await alice.hears(paul);
    const tile = 'figure[data-user-id=alice]';
    await paul.page.waitForFunction(
      showsColor,
      { tile, color: ALICE.color },
      { timeout: 40_000, polling: 60 },
    );
    await paul.seesFrames(tile);
    for (const person of [alice, paul]) {
      expect(person.complaints).toEqual([]);
      await person.close();
    }
  },
  TIMEOUT_MS,
);
