/** The client class of the first description: with the app's users, and two of them with each other. */
import { afterAll, beforeAll, expect, test } from 'bun:test';
import { launchBrowser, type TestBrowser } from '../support/browser.ts';
import { createCall } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { Person, type PersonOptions } from './person.ts';
import { installSeedClient } from './seed-client.ts';

const TIMEOUT_MS = 120_000;
const ALICE: PersonOptions = { userId: 'alice', name: 'Alice', color: [200, 40, 40], tone: 440 };
const PAUL: PersonOptions = { userId: 'user_456', name: 'Paul', color: [40, 160, 60], tone: 660 };
const PIA: PersonOptions = { userId: 'user_789', name: 'Pia', color: [50, 70, 210], tone: 990 };

let server: TestServer;
let browser: TestBrowser;

beforeAll(async () => {
  [server, browser] = await Promise.all([startTestServer(), launchBrowser()]);
}, TIMEOUT_MS);

afterAll(async () => {
  await browser?.close();
  await server?.close();
}, TIMEOUT_MS);

async function enter(options: PersonOptions, roomId: string, targetUserId: string): Promise<Person> {
  const person = await Person.create(browser, options);
  await person.page.addInitScript(installSeedClient);
  await person.page.goto(new URL('/health', server.url).href);
  const { userId } = options;
  const token = await server.token(userId);
  await person.page.evaluate((given) => window.startSeedClient(given), {
    url: server.url,
    token,
    roomId,
    userId,
    targetUserId,
  });
  await person.page.waitForFunction(() => window.seedClient.ws.readyState === WebSocket.OPEN);
  return person;
}

test(
  'it is seen and heard in the app, and receives whoever is there and whoever comes',
  async () => {
    const alice = await Person.create(browser, ALICE);
    await alice.join(new URL('/call/call_123', server.url).href, await server.token('alice'));
    const paul = await enter(PAUL, 'call_123', 'user_789');
    const pia = await enter(PIA, 'call_123', 'user_456');
    for (const person of [alice, paul, pia]) {
      for (const other of [alice, paul, pia]) {
        if (other === person) continue;
        await person.sees(other);
        await person.hears(other);
      }
    }
    expect(alice.complaints).toEqual([]);
    await Promise.all([alice, paul, pia].map((person) => person.close()));
  },
  TIMEOUT_MS,
);

test(
  'two of them in a call that is peer to peer see and hear each other, past the server',
  async () => {
    await createCall(server, PAUL.userId, { id: 'direct', settings: { topology: 'p2p' } });
    const paul = await enter(PAUL, 'direct', PIA.userId);
    const pia = await enter(PIA, 'direct', PAUL.userId);
    const call = server.app.calls.registry.get('direct')!;
    while (call.participants.size < 2) await Bun.sleep(20);
    // The one thing that the class does not do: somebody has to begin.
    await paul.page.evaluate(
      async ({ roomId, userId, targetUserId }) => {
        const { pc, ws } = window.seedClient;
        const offer = await pc.createOffer();
        await pc.setLocalDescription(offer);
        ws.send(JSON.stringify({ type: 'offer', roomId, userId, targetUserId, data: { sdp: offer } }));
      },
      { roomId: 'direct', userId: PAUL.userId, targetUserId: PIA.userId },
    );
    // Between them nobody names streams after people.
    for (const [person, other] of [
      [paul, pia],
      [pia, paul],
    ] as const) {
      await person.page.waitForSelector('article video');
      await person.page.evaluate((userId) => {
        for (const element of document.querySelectorAll<HTMLElement>('[data-source]'))
          element.dataset.userId = userId;
      }, other.userId);
      await person.sees(other);
      await person.hears(other);
    }
    expect(call.room.endpointCount).toBe(2);
    expect((await server.app.calls.media.dump()).transports).toBe(0);
    await Promise.all([paul, pia].map((person) => person.close()));
  },
  TIMEOUT_MS,
);
