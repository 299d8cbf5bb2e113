/** A lost socket: the page resumes over another one while picture and sound go on; after a restart it is back at once. */
import { afterAll, beforeAll, expect, test } from 'bun:test';
import { rm } from 'node:fs/promises';
import { launchBrowser, type TestBrowser } from '../support/browser.ts';
import { CuttableProxy } from '../support/cuttable-proxy.ts';
import { join } from '../support/people.ts';
import { createDataDir, startTestServer, type TestServer } from '../support/server.ts';
import { readReceived, watchPeerConnections } from './peer-connections.ts';
import { Person } from './person.ts';

const TIMEOUT_MS = 120_000;
const BACK_WITHIN_MS = 5_000;

const ALICE = { userId: 'alice', name: 'Alice', color: [200, 40, 40], tone: 440 } as const;
const BOB = { userId: 'bob', name: 'Bob', color: [40, 160, 60], tone: 660 } as const;

let browser: TestBrowser;

beforeAll(async () => {
  browser = await launchBrowser();
}, TIMEOUT_MS);

afterAll(() => browser?.close(), TIMEOUT_MS);

async function enter(
  who: typeof ALICE | typeof BOB,
  { server, url, roomId }: { server: TestServer; url: string; roomId: string },
): Promise<Person> {
  const person = await Person.create(browser, who);
  await watchPeerConnections(person.page);
  await person.join(`${url}/call/${roomId}`, await server.token(who.userId));
  return person;
}

async function callIdOf(server: TestServer, roomId: string): Promise<string> {
  const response = await fetch(`${server.url}/video-calls/${roomId}`, {
    headers: { authorization: `Bearer ${await server.token('alice')}` },
  });
  const { callId } = (await response.json()) as { callId: string };
  expect(callId).toBeString();
  return callId;
}

test(
  'one whose socket is cut keeps seeing and being seen, and nobody sees them leave or publish again',
  async () => {
    const server = await startTestServer();
    const proxy = await CuttableProxy.before(server.url);
    const roomId = 'cut';
    const watcher = await join(server, 'watcher', roomId);
    const alice = await enter(ALICE, { server, url: proxy.url, roomId });
    const bob = await enter(BOB, { server, url: server.url, roomId });
    await Promise.all([alice.sees(bob), bob.sees(alice), alice.hears(bob), bob.hears(alice)]);
    const before = await readReceived(alice.page);
    watcher.client.events.splice(0);

    proxy.cut();
    await alice.waitFor('.call[data-connection=reconnecting]');
    await watcher.client.event('participant-updated', ({ participant }) => !participant.isConnected);
    await bob.waitFor(`${bob.tile(alice)}[data-away=true]`);
    expect(await bob.page.getAttribute(bob.tile(alice), 'aria-label')).toContain('Reconnecting');
    const atCut = await readReceived(alice.page);
    await Promise.all([alice.seesFrames(alice.tile(bob)), bob.seesFrames(bob.tile(alice))]);
    const whileAway = await readReceived(alice.page);
    for (const [track, bytes] of Object.entries(atCut.bytes))
      expect(whileAway.bytes[track]).toBeGreaterThan(bytes);
    proxy.mend();
    await alice.waitFor('.call[data-connection=connected]');
    await bob.waitFor(`${bob.tile(alice)}[data-away=false]`);
    await Promise.all([alice.seesFrames(alice.tile(bob)), bob.seesFrames(bob.tile(alice))]);

    const after = await readReceived(alice.page);
    expect(after.connections).toBe(before.connections);
    expect(Object.keys(after.bytes)).toEqual(Object.keys(before.bytes));
    for (const [track, bytes] of Object.entries(whileAway.bytes))
      expect(after.bytes[track]).toBeGreaterThan(bytes);
    await alice.page.click(alice.control('microphone'));
    await bob.waitFor(`${bob.tile(alice)}[data-muted=true]`);
    const seen = watcher.client.events.map(({ type }) => type);
    for (const type of [
      'participant-left',
      'participant-joined',
      'producer-added',
      'producer-closed',
    ] as const) {
      expect(seen).not.toContain(type);
    }
    for (const person of [alice, bob]) expect(person.complaints).toEqual([]);

    await Promise.all([alice.close(), bob.close(), watcher.client.close()]);
    proxy.close();
    await server.close();
  },
  TIMEOUT_MS,
);

test(
  'a server that starts again has everyone back in the same call within five seconds',
  async () => {
    const dataDir = await createDataDir();
    const roomId = 'restarted';
    const first = await startTestServer({ dataDir });
    const alice = await enter(ALICE, { server: first, url: first.url, roomId });
    const bob = await enter(BOB, { server: first, url: first.url, roomId });
    await Promise.all([alice.sees(bob), bob.sees(alice)]);
    const callId = await callIdOf(first, roomId);

    await first.close();
    for (const person of [alice, bob]) await person.waitFor('.call[data-connection=reconnecting]');
    const second = await startTestServer({ dataDir, env: { PORT: new URL(first.url).port } });
    const upAt = performance.now();
    for (const person of [alice, bob]) await person.waitFor('.call[data-connection=connected]');
    expect(performance.now() - upAt).toBeLessThan(BACK_WITHIN_MS);
    expect(await callIdOf(second, roomId)).toBe(callId);
    await Promise.all([alice.sees(bob), bob.sees(alice), alice.hears(bob), bob.hears(alice)]);

    await Promise.all([alice.close(), bob.close()]);
    await second.close();
    await rm(dataDir, { recursive: true, force: true });
  },
  TIMEOUT_MS,
);
