/** A page that has a plain RTCPeerConnection and no library is in the same call as the users of the app. */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { launchBrowser, type TestBrowser } from '../support/browser.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { showsColor } from './fake-person.ts';
import type { Person, PersonOptions } from './person.ts';
import type { PlainOptions } from './plain-peer.ts';
import {
  enterApp as enterAppOf,
  enterPlain as enterPlainOf,
  eventually,
  leave,
  meet,
} from './plain-people.ts';

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

const enterApp = (options: PersonOptions, roomId: string) => enterAppOf({ server, browser }, options, roomId);

const enterPlain = (options: PersonOptions, roomId: string, more: Partial<PlainOptions> = {}) =>
  enterPlainOf({ server, browser }, options, { ...more, roomId });

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

/** Everything that the worker holds. */
async function transportCount(): Promise<number> {
  return (await server.app.calls.media.dump()).transports;
}

/** Resolves when the picture on this tile has the colour. */
async function showsOn(person: Person, tile: string, color: readonly number[]): Promise<void> {
  await person.page.waitForFunction(showsColor, { tile, color }, { timeout: 40_000, polling: 60 });
}

describe('offering again', () => {
  test(
    'adds a screen, takes it away and adds it again, and replaces the camera, over the same transport',
    async () => {
      const alice = await enterApp(ALICE, 'again');
      const paul = await enterPlain(PAUL, 'again');
      await paul.page.evaluate(async () => {
        window.peer.pub.addTrack(window.peer.microphone);
        window.peer.pub.addTrack(window.peer.camera);
        await window.peer.offer();
      });
      await meet(alice, paul);
      const transports = await transportCount();
      const screen = alice.tile(paul, 'screen');
      for (let round = 0; round < 2; round += 1) {
        await paul.page.evaluate(async () => {
          const { pub } = window.peer;
          pub.addTrack(window.peer.paint('rgb(200 0 200)'));
          await pub.setLocalDescription();
          const { mid } = pub.getTransceivers().at(-1)!;
          await window.peer.offer({ [mid!]: { source: 'screen' } });
        });
        await showsOn(alice, screen, [200, 0, 200]);
        await paul.page.evaluate(async () => {
          window.peer.pub.removeTrack(window.peer.pub.getSenders().at(-1)!);
          await window.peer.offer();
        });
        await alice.waitForNo(screen);
      }
      await alice.sees(paul);
      await paul.page.evaluate(async () => {
        const { pub } = window.peer;
        await pub.getSenders()[1]!.replaceTrack(window.peer.paint('rgb(0 200 200)'));
        await window.peer.offer();
      });
      await showsOn(alice, alice.tile(paul), [0, 200, 200]);
      const mids = await paul.page.evaluate(() => window.peer.pub.getTransceivers().map(({ mid }) => mid));
      expect(mids).toEqual(['0', '1', '2', '3']);
      expect(await paul.page.evaluate(() => Object.keys(window.peer.published))).toEqual(['0', '1']);
      await paul.page.evaluate(() => window.peer.offer({}, { iceRestart: true }));
      await paul.page.waitForFunction(() => window.peer.pub.connectionState === 'connected');
      await alice.hears(paul);
      await alice.seesFrames(alice.tile(paul));
      expect(await transportCount()).toBe(transports);
      await leave(alice, paul);
    },
    TIMEOUT_MS,
  );

  test(
    'with simulcast silences its section and speaks on it again',
    async () => {
      const alice = await enterApp(ALICE, 'layers');
      const paul = await enterPlain(PAUL, 'layers');
      await paul.page.evaluate(async () => {
        window.peer.pub.addTransceiver(window.peer.camera, {
          direction: 'sendonly',
          sendEncodings: [
            { rid: 'q', scaleResolutionDownBy: 4 },
            { rid: 'h', scaleResolutionDownBy: 2 },
            { rid: 'f' },
          ],
        });
        await window.peer.offer();
      });
      await alice.sees(paul);
      const [publication] = server.app.calls.registry
        .get('layers')!
        .participants.get('paul')!
        .publications.values();
      await eventually(async () => (await publication!.packetCounts()).every((count) => count > 0));
      const { trackId } = publication!;
      await paul.page.evaluate(async () => {
        window.peer.pub.getTransceivers()[0]!.direction = 'inactive';
        await window.peer.offer();
      });
      await alice.waitFor(`${alice.tile(paul)}[data-camera=off]`);
      await paul.page.evaluate(async () => {
        window.peer.pub.getTransceivers()[0]!.direction = 'sendonly';
        await window.peer.offer();
      });
      await alice.sees(paul);
      const [again] = server.app.calls.registry
        .get('layers')!
        .participants.get('paul')!
        .publications.values();
      expect(again!.trackId).not.toBe(trackId);
      await eventually(async () => (await again!.packetCounts()).filter((count) => count > 0).length >= 2);
      await leave(alice, paul);
    },
    TIMEOUT_MS,
  );

  test(
    'over another RTCPeerConnection takes the place of the first, with the same tracks',
    async () => {
      const alice = await enterApp(ALICE, 'another');
      const paul = await enterPlain(PAUL, 'another');
      const publish = () =>
        paul.page.evaluate(async () => {
          window.peer.pub.addTrack(window.peer.camera);
          window.peer.pub.addTrack(window.peer.microphone);
          await window.peer.offer();
          return Object.values(window.peer.published).map(({ trackId }) => trackId);
        });
      const tracks = await publish();
      await meet(alice, paul);
      const transports = await transportCount();
      await paul.page.evaluate(() => window.peer.replacePub());
      expect(await publish()).toEqual(tracks);
      await meet(alice, paul);
      expect(await transportCount()).toBe(transports);
      await leave(alice, paul);
    },
    TIMEOUT_MS,
  );

  test(
    'is done by the server when one that only answers has more to send, and its sections are used again',
    async () => {
      const alice = await enterApp(ALICE, 'more');
      const paul = await enterPlain(PAUL, 'more', { onlyAnswers: true });
      await meet(alice, paul);
      const screen = alice.tile(paul, 'screen');
      for (let round = 0; round < 2; round += 1) {
        await paul.page.evaluate(async () => {
          const { sub, spare } = window.peer;
          const track = window.peer.paint('rgb(200 0 200)');
          const free = sub.getTransceivers().find(({ mid }) => mid === spare.video);
          await free!.sender.replaceTrack(track);
          free!.direction = 'sendonly';
          window.peer.sourceOf = (sent) => (sent === track ? 'screen' : undefined);
          await window.peer.request('renegotiate');
        });
        await showsOn(alice, screen, [200, 0, 200]);
        await paul.page.evaluate(async () => {
          const sending = window.peer.sub
            .getTransceivers()
            .find(({ sender }) => window.peer.sourceOf(sender.track));
          await sending!.sender.replaceTrack(null);
          sending!.direction = 'inactive';
          await window.peer.request('renegotiate');
        });
        await alice.waitForNo(screen);
      }
      const pia = await enterPlain(PIA, 'more', { onlyAnswers: true });
      await meet(alice, paul, pia);
      const sections = () => paul.page.evaluate(() => window.peer.sub.getTransceivers().length);
      const before = await sections();
      await pia.close();
      await paul.waitForNo(paul.tile(pia));
      const third = await enterPlain({ ...PIA, userId: 'pete' }, 'more', { onlyAnswers: true });
      await meet(paul, third);
      expect(await sections()).toBe(before);
      await paul.page.evaluate(() => window.peer.request('renegotiate', { how: 'ice-restart' }));
      await paul.page.waitForFunction(() => window.peer.sub.connectionState === 'connected');
      await alice.seesFrames(alice.tile(paul));
      await leave(alice, paul, third);
    },
    TIMEOUT_MS,
  );
});

test(
  'one that only answers sends all layers when it asked for that',
  async () => {
    const alice = await enterApp(ALICE, 'asked');
    const paul = await enterPlain(PAUL, 'asked', { join: { simulcast: true } });
    await paul.page.waitForFunction(() => window.peer.spare.video !== undefined);
    await paul.page.evaluate(async () => {
      const { sub, spare, camera } = window.peer;
      const free = sub.getTransceivers().find(({ mid }) => mid === spare.video);
      await free!.sender.replaceTrack(camera);
      free!.direction = 'sendonly';
      await window.peer.request('renegotiate');
    });
    await alice.sees(paul);
    const [publication] = server.app.calls.registry
      .get('asked')!
      .participants.get('paul')!
      .publications.values();
    await eventually(
      async () => (await publication!.packetCounts()).filter((count) => count > 0).length >= 2,
    );
    expect(await publication!.packetCounts()).toHaveLength(3);
    await leave(alice, paul);
  },
  TIMEOUT_MS,
);
