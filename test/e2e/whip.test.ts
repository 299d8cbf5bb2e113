/** WHIP and WHEP in a real browser: a page publishes and is seen by users of the app, and players see who speaks, one after another. */
import { afterAll, beforeAll, expect, test } from 'bun:test';
import { launchBrowser, type TestBrowser } from '../support/browser.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { showsColor } from './fake-person.ts';
import { Person, type PersonOptions } from './person.ts';
import { installWhipPage } from './whip-page.ts';

const TIMEOUT_MS = 120_000;
const PATIENCE = { timeout: 40_000, polling: 60 };

const ALICE: PersonOptions = { userId: 'alice', name: 'Alice', color: [200, 40, 40], tone: 440 };
const STUDIO: PersonOptions = { userId: 'studio', name: 'studio', color: [40, 160, 60], tone: 660 };
const SECOND: PersonOptions = { userId: 'second', name: 'second', color: [50, 70, 210], tone: 990 };
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

async function open(options: PersonOptions): Promise<Person> {
  const person = await Person.create(browser, options);
  await person.page.addInitScript(installWhipPage);
  await person.page.goto(new URL('/health', server.url).href);
  return person;
}

async function publish(options: PersonOptions, roomId: string): Promise<Person> {
  const person = await open(options);
  const token = await server.token(options.userId);
  await person.page.evaluate((given) => window.publishByWhip(given), { path: `/whip/${roomId}`, token });
  return person;
}

async function play(path: string): Promise<{ viewer: Person; how: string }> {
  const viewer = await open(VERA);
  const token = await server.token('vera', ['viewer']);
  const how = await viewer.page.evaluate((given) => window.playByWhep(given), { path, token });
  return { viewer, how };
}

async function plays(viewer: Person, other: Person): Promise<void> {
  await viewer.page.waitForFunction(showsColor, { tile: 'article', color: other.options.color }, PATIENCE);
  await viewer.seesFrames('article');
  await viewer.page.waitForFunction(
    async () => {
      const stats = [...(await window.whep.getStats()).values()];
      return stats.some(
        (entry) => entry.type === 'inbound-rtp' && entry.kind === 'audio' && entry.totalAudioEnergy > 0,
      );
    },
    undefined,
    PATIENCE,
  );
}

test(
  'a page that publishes by WHIP is seen and heard in the app; a WHEP player sees and hears it, then another without a new description',
  async () => {
    const alice = await Person.create(browser, ALICE);
    await alice.join(new URL('/call/studio', server.url).href, await server.token('alice'));
    const studio = await publish(STUDIO, 'studio');
    await alice.sees(studio);
    await alice.hears(studio);
    const { viewer, how } = await play('/whep/studio/studio');
    expect(how).toBe('answer');
    await plays(viewer, studio);
    // The same user from another encoder: other tracks on the same sections.
    const replaced = await publish({ ...SECOND, userId: 'studio' }, 'studio');
    await plays(viewer, replaced);
    expect(await replaced.page.evaluate(() => window.stopWhip())).toBeOneOf([200, 404]);
    await alice.page.waitForSelector(alice.tile(replaced), { state: 'detached' });
    for (const person of [alice, studio, viewer, replaced]) {
      expect(person.complaints).toEqual([]);
      await person.close();
    }
  },
  TIMEOUT_MS,
);

test(
  'a player that numbers the codecs in another way takes the counter-offer, and sees who speaks',
  async () => {
    const studio = await publish(STUDIO, 'counter');
    const viewer = await open(VERA);
    // A browser that numbers VP8 as another one does.
    await viewer.page.evaluate(() => {
      const { setLocalDescription } = RTCPeerConnection.prototype;
      const offered = Object.getOwnPropertyDescriptor(RTCPeerConnection.prototype, 'localDescription');
      RTCPeerConnection.prototype.setLocalDescription = setLocalDescription;
      Object.defineProperty(RTCPeerConnection.prototype, 'localDescription', {
        get(this: RTCPeerConnection) {
          const description = offered?.get?.call(this) as RTCSessionDescription | null;
          if (description?.type !== 'offer') return description;
          return {
            type: 'offer',
            sdp: description.sdp
              .replaceAll(/(rtpmap|fmtp|rtcp-fb):96 /g, '$1:30 ')
              .replace(/(m=video .*) 96\b/, '$1 30')
              .replaceAll('apt=96', 'apt=30'),
          };
        },
      });
    });
    const token = await server.token('vera', ['viewer']);
    const how = await viewer.page.evaluate((given) => window.playByWhep(given), {
      path: '/whep/counter',
      token,
    });
    expect(how).toBe('counter-offer');
    await plays(viewer, studio);
    const second = await publish(SECOND, 'counter');
    await studio.page.evaluate(() => window.stopWhip());
    await plays(viewer, second);
    for (const person of [studio, viewer, second]) {
      expect(person.complaints).toEqual([]);
      await person.close();
    }
  },
  TIMEOUT_MS,
);
