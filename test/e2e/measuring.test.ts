/** What the server measures of real media: live, and kept when a call is over. */
import { afterAll, beforeAll, expect, test } from 'bun:test';
import type { Analytics, LiveStats } from '../../src/video-calls/index.ts';
import { launchBrowser, type TestBrowser } from '../support/browser.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { Person } from './person.ts';

const TIMEOUT_MS = 90_000;

let server: TestServer;
let browser: TestBrowser;

beforeAll(async () => {
  [server, browser] = await Promise.all([startTestServer(), launchBrowser()]);
}, TIMEOUT_MS);

afterAll(async () => {
  await browser?.close();
  await server?.close();
}, TIMEOUT_MS);

// The answers are checked by the server against the same schemas.
async function ask<T>(path: string, method = 'GET'): Promise<T> {
  const response = await fetch(`${server.url}/video-calls/measured${path}`, {
    method,
    headers: { authorization: `Bearer ${await server.token('alice')}` },
  });
  return response.json() as Promise<T>;
}

async function enter(userId: string, color: [number, number, number]): Promise<Person> {
  const person = await Person.create(browser, { userId, name: userId, color, tone: 440 });
  await person.join(new URL('/call/measured', server.url).href, await server.token(userId));
  return person;
}

test(
  'two people who see each other have bitrates, layers and scores, and leave bytes and talk behind',
  async () => {
    const alice = await enter('alice', [200, 40, 40]);
    const bob = await enter('bob', [40, 160, 60]);
    await Promise.all([alice.sees(bob), bob.sees(alice)]);
    let live: LiveStats = await ask('/stats');
    // Bitrates are measured over a second, and round trips told every few.
    while (!live.participants.every(({ up, down }) => up.bitrate > 0 && down.rttMs !== null)) {
      await Bun.sleep(200);
      live = await ask('/stats');
    }
    expect(live.participantCount).toBe(2);
    for (const { up, down } of live.participants) {
      expect(up.tracks.map(({ kind }) => kind).sort()).toEqual(['audio', 'video']);
      expect(up.tracks.find(({ kind }) => kind === 'video')?.layers).not.toBeNull();
      expect(down.tracks).toHaveLength(2);
      expect(up.score).toBeGreaterThan(0);
    }
    await Promise.all([alice.close(), bob.close()]);
    await ask('', 'DELETE');
    const analytics: Analytics = await ask('/analytics');
    expect(analytics).toMatchObject({ joined: 2, left: 2, participants: { peak: 2 } });
    expect(analytics.talkTimeMs).toBeGreaterThan(0);
    expect(analytics.averageScore).toBeGreaterThan(5);
    for (const { bytesReceived, bytesSent } of analytics.users) {
      expect(bytesReceived).toBeGreaterThan(10_000);
      expect(bytesSent).toBeGreaterThan(10_000);
    }
  },
  TIMEOUT_MS,
);
