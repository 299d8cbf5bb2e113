/** What comes from a plain RTCPeerConnection and by WHIP is recorded like anything else: its picture and its sound are in the file. */
import { afterAll, beforeAll, expect, test } from 'bun:test';
import { arrangeGrid } from '../../src/recording/finish/layout/arrange.ts';
import { launchBrowser, type TestBrowser } from '../support/browser.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { Person, type PersonOptions } from './person.ts';
import { installPlainPeer } from './plain-peer.ts';
import { readGlances, readTones } from './read-call.ts';
import { RecordedRoom } from './recorded-room.ts';
import { installWhipPage } from './whip-page.ts';

const TIMEOUT_MS = 120_000;
const ROOM = 'clients';
const CANVAS = { width: 640, height: 360 };
const PAUL: PersonOptions = { userId: 'paul', name: 'Paul', color: [40, 160, 60], tone: 600 };
const STUDIO: PersonOptions = { userId: 'studio', name: 'Studio', color: [50, 70, 210], tone: 1_000 };
const CLIENTS = [PAUL, STUDIO];
const RECORDED_MS = 5_000;
/** From the start of a recording to its first frames, on a busy machine; and its last ones. */
const START_SECONDS = 2;
const END_SECONDS = 0.5;

let server: TestServer;
let browser: TestBrowser;

beforeAll(async () => {
  [server, browser] = await Promise.all([
    startTestServer({
      env: { RECORDING_RESOLUTION: `${CANVAS.width}x${CANVAS.height}`, DISK_MIN_FREE: '1MiB' },
    }),
    launchBrowser(),
  ]);
}, TIMEOUT_MS);

afterAll(async () => {
  await browser?.close();
  await server?.close();
}, TIMEOUT_MS);

async function open(options: PersonOptions, install: () => void): Promise<Person> {
  const person = await Person.create(browser, options);
  await person.page.addInitScript(install);
  await person.page.goto(new URL('/health', server.url).href);
  return person;
}

/** Resolves when media of all that this user publishes has come. */
async function flows({ userId }: PersonOptions): Promise<void> {
  const { publications } = server.app.calls.registry.get(ROOM)!.participants.get(userId)!;
  for (const publication of publications.values())
    while (!(await publication.packetCounts()).some((count) => count > 20)) await Bun.sleep(50);
}

test(
  'the file has the picture and the sound of both',
  async () => {
    const paul = await open(PAUL, installPlainPeer);
    await paul.page.evaluate((given) => window.startPlainPeer(given), {
      url: server.url,
      token: await server.token('paul'),
      roomId: ROOM,
    });
    await paul.page.evaluate(async () => {
      window.peer.pub.addTrack(window.peer.camera);
      window.peer.pub.addTrack(window.peer.microphone);
      await window.peer.offer();
    });
    const studio = await open(STUDIO, installWhipPage);
    await studio.page.evaluate((given) => window.publishByWhip(given), {
      path: `/whip/${ROOM}`,
      token: await server.token('studio'),
    });
    for (const client of CLIENTS) await flows(client);

    const room = await RecordedRoom.start(server, { userId: 'paul', roomId: ROOM });
    await Bun.sleep(RECORDED_MS);
    await room.stop();
    const { path, resource } = await room.whenFinished();
    expect(resource).toMatchObject({ status: 'completed', tracks: 4 });

    const isInside = ({ at }: { readonly at: number }) =>
      at > START_SECONDS && at < RECORDED_MS / 1_000 - END_SECONDS;
    const glances = (await readGlances(path, CANVAS.width)).filter(isInside);
    expect(glances.length).toBeGreaterThan(5);
    const boxes = arrangeGrid(CLIENTS.length, CANVAS);
    for (const [index, { color }] of CLIENTS.entries()) {
      const box = boxes[index]!;
      for (const glance of glances) {
        const away = glance.color(box).map((value, at) => Math.abs(value - color[at]!));
        expect(Math.max(...away)).toBeLessThan(45);
      }
    }
    const sounds = (
      await readTones(
        path,
        CLIENTS.map(({ tone }) => tone),
      )
    ).filter(isInside);
    expect(sounds.length).toBeGreaterThan(10);
    for (const { levels } of sounds) expect(Math.min(...levels)).toBeGreaterThan(0.03);

    for (const person of [paul, studio]) {
      expect(person.complaints).toEqual([]);
      await person.close();
    }
  },
  TIMEOUT_MS,
);
