/** Firefox and Chromium in one call: in the app, with plain RTCPeerConnections, and by WHIP and WHEP. Skipped where there is no Firefox. */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { launchBrowser, type TestBrowser } from '../support/browser.ts';
import { type FirefoxBrowser, findFirefox, findOwnAddress, launchFirefox } from '../support/firefox.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { FirefoxPerson } from './firefox-person.ts';
import { Person, type PersonOptions } from './person.ts';
import { installPlainPeer } from './plain-peer.ts';
import { installWhipPage } from './whip-page.ts';

const TIMEOUT_MS = 120_000;

const ALICE: PersonOptions = { userId: 'alice', name: 'Alice', color: [200, 40, 40], tone: 440 };
const FINN: PersonOptions = { userId: 'finn', name: 'Finn', color: [40, 160, 60], tone: 660 };

let server: TestServer;
let chromium: TestBrowser;
let firefox: FirefoxBrowser;

const program = findFirefox();
const address = findOwnAddress();
if (program === undefined) console.log('Firefox is skipped: install firefox-esr');
else if (address === undefined) console.log('Firefox is skipped: there is no address but the loopback');

describe.skipIf(program === undefined || address === undefined)(
  'Firefox and Chromium see and hear each other',
  () => {
    beforeAll(async () => {
      [server, chromium, firefox] = await Promise.all([
        startTestServer({ env: { WEBRTC_LISTEN_IP: address ?? '' } }),
        launchBrowser(),
        launchFirefox(program ?? '', FINN.tone),
      ]);
    }, TIMEOUT_MS);

    afterAll(async () => {
      await Promise.all([firefox?.close(), chromium?.close()]);
      await server?.close();
    }, TIMEOUT_MS);

    async function enterChromium(roomId: string): Promise<Person> {
      const alice = await Person.create(chromium, ALICE);
      await alice.join(new URL(`/call/${roomId}`, server.url).href, await server.token(ALICE.userId));
      return alice;
    }

    /** On a page of the server's without a script of its own. */
    async function openFirefox(install: () => void): Promise<FirefoxPerson> {
      const finn = await FirefoxPerson.create(firefox, FINN);
      await finn.page.evaluateOnNewDocument(install);
      await finn.page.goto(new URL('/health', server.url).href);
      return finn;
    }

    async function meet(alice: Person, finn: FirefoxPerson): Promise<void> {
      await alice.sees(finn);
      await alice.hears(finn);
      await finn.sees(alice);
      await finn.hears(alice);
    }

    async function leave(...people: (Person | FirefoxPerson)[]): Promise<void> {
      for (const { complaints } of people) expect(complaints).toEqual([]);
      await Promise.all(people.map((person) => person.close()));
    }

    test(
      'in the app',
      async () => {
        const alice = await enterChromium('app');
        const finn = await FirefoxPerson.create(firefox, FINN);
        await finn.join(new URL('/call/app', server.url).href, await server.token(FINN.userId));
        await meet(alice, finn);
        await leave(alice, finn);
      },
      TIMEOUT_MS,
    );

    test.each([
      ['that offers', false],
      ['that only answers', true],
    ])(
      'over RTCPeerConnections without a library, of a client %s',
      async (_how, onlyAnswers) => {
        const roomId = onlyAnswers ? 'answers' : 'offers';
        const alice = await enterChromium(roomId);
        const finn = await openFirefox(installPlainPeer);
        const token = await server.token(FINN.userId);
        await finn.page.evaluate((given) => window.startPlainPeer(given), {
          url: server.url,
          token,
          roomId,
          onlyAnswers,
        });
        if (!onlyAnswers) {
          await finn.page.evaluate(async () => {
            window.peer.pub.addTrack(window.peer.camera);
            window.peer.pub.addTrack(window.peer.microphone);
            await window.peer.offer();
          });
        }
        await meet(alice, finn);
        await leave(alice, finn);
      },
      TIMEOUT_MS,
    );

    test(
      'by WHIP and WHEP',
      async () => {
        const alice = await enterChromium('broadcast');
        const finn = await openFirefox(installWhipPage);
        const token = await server.token(FINN.userId);
        await finn.page.evaluate((given) => window.publishByWhip(given), { path: '/whip/broadcast', token });
        await alice.sees(finn);
        await alice.hears(finn);
        // Its payload types are not Chrome's.
        const path = '/whep/broadcast/alice';
        const how = await finn.page.evaluate((given) => window.playByWhep(given), { path, token });
        expect(how).toBe('counter-offer');
        await finn.page.evaluate((userId) => {
          const player = document.createElement('audio');
          Object.assign(player.dataset, { userId, source: 'microphone' });
          const tracks = window.whep.getReceivers().map(({ track }) => track);
          player.srcObject = new MediaStream(tracks.filter(({ kind }) => kind === 'audio'));
          document.body.append(player);
        }, ALICE.userId);
        await finn.sees(alice, 'article');
        await finn.hears(alice);
        await leave(alice, finn);
      },
      TIMEOUT_MS,
    );
  },
);
