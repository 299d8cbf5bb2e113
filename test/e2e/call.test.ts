/** Calls through the real page, in a real browser, over a real server: what one does, the others see and hear. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'bun:test';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launchBrowser, type TestBrowser } from '../support/browser.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { Person } from './person.ts';

const TIMEOUT_MS = 150_000;

const PEOPLE = {
  alice: { userId: 'alice', name: 'Alice', color: [200, 40, 40], tone: 440 },
  bob: { userId: 'bob', name: 'Bob', color: [40, 160, 60], tone: 660 },
  carol: { userId: 'carol', name: 'Carol', color: [50, 70, 210], tone: 990 },
  dave: { userId: 'dave', name: 'Dave', color: [210, 180, 40], tone: 1480 },
} as const;

let server: TestServer;
let browser: TestBrowser;

beforeAll(async () => {
  [server, browser] = await Promise.all([startTestServer(), launchBrowser()]);
}, TIMEOUT_MS);

afterAll(async () => {
  await browser?.close();
  await server?.close();
}, TIMEOUT_MS);

function linkTo(roomId: string, { url }: TestServer = server): string {
  return new URL(`/call/${roomId}`, url).href;
}

async function enter(who: keyof typeof PEOPLE, roomId: string): Promise<Person> {
  const person = await Person.create(browser, PEOPLE[who]);
  await person.join(linkTo(roomId), await server.token(person.userId));
  return person;
}

describe('three people in a call', () => {
  let alice: Person;
  let bob: Person;
  let carol: Person;

  beforeAll(async () => {
    alice = await enter('alice', 'trio');
    bob = await enter('bob', 'trio');
    carol = await enter('carol', 'trio');
  }, TIMEOUT_MS);

  afterEach(async () => {
    for (const { page } of [alice, bob, carol]) {
      const pinned = page.locator('.tile-pin[aria-pressed=true]');
      if ((await pinned.count()) > 0) await pinned.click();
    }
  });

  afterAll(async () => {
    const people = [alice, bob, carol];
    for (const person of people) expect(person.complaints).toEqual([]);
    await Promise.all(people.map((person) => person.close()));
  });

  test(
    'each sees and hears both others, and them and nobody else',
    async () => {
      for (const person of [alice, bob, carol]) {
        for (const other of [alice, bob, carol]) {
          if (other === person) continue;
          await person.sees(other);
          await person.hears(other);
        }
        expect(await person.page.locator('article').count()).toBe(3);
      }
    },
    TIMEOUT_MS,
  );

  test(
    'the token does not stay in the address bar',
    async () => {
      expect(alice.page.url()).toBe(linkTo('trio'));
    },
    TIMEOUT_MS,
  );

  test(
    'who mutes is shown as muted and not heard, until they unmute',
    async () => {
      await alice.page.click(alice.control('microphone'));
      for (const other of [bob, carol]) {
        await other.waitFor(`${other.tile(alice)}[data-muted=true]`);
        await other.hearsNothingOf(alice);
      }
      await alice.page.keyboard.press('m');
      for (const other of [bob, carol]) {
        await other.waitFor(`${other.tile(alice)}[data-muted=false]`);
        await other.hears(alice);
      }
    },
    TIMEOUT_MS,
  );

  test(
    'a camera that goes off leaves initials, and comes back',
    async () => {
      await bob.page.click(bob.control('camera'));
      for (const other of [alice, carol]) {
        await other.waitFor(`${other.tile(bob)}[data-camera=off]`);
        expect(await other.page.textContent(`${other.tile(bob)} .tile-initials`)).toBe('B');
      }
      await bob.page.click(bob.control('camera'));
      for (const other of [alice, carol]) await other.sees(bob);
    },
    TIMEOUT_MS,
  );

  test(
    'a tile on the stage is received large, one in the strip small',
    async () => {
      const [bobTile, carolTile] = [alice.tile(bob), alice.tile(carol)];
      const putOnStage = async (tile: string) => {
        await alice.page.hover(tile);
        await alice.page.click(`${tile} .tile-pin`);
        await alice.waitFor(`${tile}[data-stage=true]`);
      };
      await putOnStage(bobTile);
      await alice.waitForLarger(bobTile, carolTile);
      await putOnStage(carolTile);
      await alice.waitForLarger(carolTile, bobTile);
      await alice.seesFrames(bobTile);
      await alice.seesFrames(carolTile);
    },
    TIMEOUT_MS,
  );

  test(
    'a shared screen takes the stage of the others, until sharing ends',
    async () => {
      await carol.page.click(carol.control('screen'));
      for (const other of [alice, bob]) {
        const screen = other.tile(carol, 'screen');
        await other.waitFor(`${screen}[data-stage=true]`);
        await other.seesFrames(screen);
      }
      await carol.page.click(carol.control('screen'));
      for (const other of [alice, bob]) {
        await other.waitForNo(other.tile(carol, 'screen'));
        await other.sees(carol);
      }
    },
    TIMEOUT_MS,
  );

  test(
    'a chat message reaches everyone, counts as unread where the chat is closed, and is announced',
    async () => {
      await alice.page.click(alice.control('chat'));
      await alice.page.fill('.chat input', 'Shall we begin? <b>m</b>');
      await alice.page.keyboard.press('Enter');
      await alice.waitFor('.chat-message[data-own]');
      for (const other of [bob, carol]) {
        await other.waitFor('.control-badge:text-is("1")');
        expect(await other.page.textContent('[data-announcer]')).toBe('Alice says: Shall we begin? <b>m</b>');
        await other.page.keyboard.press('c');
        await other.waitFor('.chat:visible');
        expect(await other.page.textContent('.chat-text')).toBe('Shall we begin? <b>m</b>');
        expect(await other.page.textContent('.chat-author')).toBe('Alice');
        expect(await other.page.isVisible('.control-badge')).toBe(false);
      }
      // The letters of a message are no shortcuts.
      await bob.page.fill('.chat input', '');
      await bob.page.locator('.chat input').pressSequentially('cvm');
      expect(await bob.page.inputValue('.chat input')).toBe('cvm');
      expect(await bob.page.getAttribute(bob.control('microphone'), 'aria-pressed')).toBe('false');
      for (const person of [alice, bob, carol]) {
        await person.page.keyboard.press('Escape');
        await person.page.waitForSelector('.chat', { state: 'hidden' });
      }
    },
    TIMEOUT_MS,
  );

  test(
    'who comes late sees and hears everyone, and who leaves disappears',
    async () => {
      const dave = await enter('dave', 'trio');
      for (const other of [alice, bob, carol]) {
        await dave.sees(other);
        await dave.hears(other);
        await other.sees(dave);
        await other.hears(dave);
      }
      await dave.page.click(dave.control('leave'));
      await dave.waitFor('.ended');
      expect(await dave.page.textContent('h1')).toBe('You left the call');
      for (const other of [alice, bob, carol]) await other.waitForNo(other.tile(dave));

      await dave.page.click('[data-action=rejoin]');
      await dave.waitFor('.call[data-connection=connected]');
      await dave.sees(alice);
      await alice.sees(dave);
      expect(dave.complaints).toEqual([]);
      await dave.close();
      for (const other of [alice, bob, carol]) await other.waitForNo(other.tile(dave));
    },
    TIMEOUT_MS,
  );

  test(
    'the same user in a second tab takes the place of the first, which says so',
    async () => {
      const second = await enter('alice', 'trio');
      await alice.waitFor('.ended');
      expect(await alice.page.textContent('h1')).toBe('You joined from somewhere else');
      await bob.sees(second);
      await second.sees(bob);
      expect(await bob.page.locator('article').count()).toBe(3);
      await second.close();
    },
    TIMEOUT_MS,
  );
});

test(
  'a full call is explained, and can be joined when somebody has left',
  async () => {
    const created = await fetch(new URL('/video-calls', server.url), {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${await server.token('alice')}` },
      body: JSON.stringify({ id: 'tiny', maxParticipants: 1 }),
    });
    expect(created.status).toBe(201);
    const alice = await enter('alice', 'tiny');
    const bob = await Person.create(browser, PEOPLE.bob);
    await bob.openLobby(linkTo('tiny'), await server.token('bob'));
    await bob.page.click('[data-action=join]');
    await bob.waitFor('[role=alert]:visible');
    expect(await bob.page.textContent('[role=alert]:visible')).toContain('The call is full');

    await alice.page.click(alice.control('leave'));
    await alice.waitFor('.ended');
    await bob.page.click('[data-action=join]');
    await bob.waitFor('.call[data-connection=connected]');
    await Promise.all([alice.close(), bob.close()]);
  },
  TIMEOUT_MS,
);

test(
  'who may only watch sees and hears the others, and has no controls for what they may not send',
  async () => {
    const alice = await enter('alice', 'audience');
    const bob = await Person.create(browser, PEOPLE.bob);
    await bob.join(linkTo('audience'), await server.token('bob', ['viewer']));
    await bob.sees(alice);
    await bob.hears(alice);
    for (const control of ['microphone', 'camera', 'screen']) {
      expect(await bob.page.isVisible(bob.control(control))).toBe(false);
    }
    await bob.page.keyboard.press('v');
    await alice.waitFor(`${alice.tile(bob)}[data-camera=off][data-muted=true]`);
    expect(await bob.page.locator('article[data-self][data-camera=on]').count()).toBe(0);
    for (const person of [alice, bob]) expect(person.complaints).toEqual([]);
    await Promise.all([alice.close(), bob.close()]);
  },
  TIMEOUT_MS,
);

test(
  'without camera and microphone one is told why, and can join all the same',
  async () => {
    const alice = await enter('alice', 'listeners');
    const page = await browser.newPage();
    await page.addInitScript(() => {
      navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('no', 'NotAllowedError'));
    });
    await page.goto(`${linkTo('listeners')}#token=${await server.token('bob')}`);
    await page.waitForSelector('[role=status]:visible');
    expect(await page.textContent('.problem:visible')).toContain(
      'was not allowed to use your camera and microphone',
    );
    await page.click('[data-action=join]');
    await page.waitForSelector('.call[data-connection=connected]');
    const bob = PEOPLE.bob.userId;
    await alice.waitFor(`article[data-user-id="${bob}"][data-camera=off][data-muted=true]`);
    await page.waitForSelector(`article[data-user-id="alice"][data-camera=on]`);
    await Promise.all([alice.close(), page.context().close()]);
  },
  TIMEOUT_MS,
);

test(
  'when the server stops and starts, everyone sees it and comes back with picture and sound',
  async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'kaa-restart-'));
    const first = await startTestServer({ dataDir });
    const [alice, bob] = await Promise.all([
      Person.create(browser, PEOPLE.alice),
      Person.create(browser, PEOPLE.bob),
    ]);
    for (const person of [alice, bob])
      await person.join(linkTo('lasting', first), await first.token(person.userId));
    await alice.sees(bob);

    await first.close();
    for (const person of [alice, bob]) {
      await person.waitFor('.call[data-connection=reconnecting]');
      expect(await person.page.textContent('.banner')).toContain('Reconnecting');
    }
    const second = await startTestServer({ dataDir, env: { PORT: new URL(first.url).port } });
    for (const [person, other] of [
      [alice, bob],
      [bob, alice],
    ] as const) {
      await person.waitFor('.call[data-connection=connected]');
      await person.sees(other);
      await person.hears(other);
      expect(person.complaints).toEqual([]);
    }
    await Promise.all([alice.close(), bob.close()]);
    await second.close();
    await rm(dataDir, { recursive: true, force: true });
  },
  TIMEOUT_MS,
);
