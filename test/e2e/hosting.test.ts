/** What hosts do, through the real page: let people in, see hands, mute, remove, lock, invite and end. */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { launchBrowser, type TestBrowser } from '../support/browser.ts';
import { createCall } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { Person } from './person.ts';

const TIMEOUT_MS = 90_000;

const PEOPLE = {
  alice: { userId: 'alice', name: 'Alice', color: [200, 40, 40], tone: 440 },
  bob: { userId: 'bob', name: 'Bob', color: [40, 160, 60], tone: 660 },
  carol: { userId: 'carol', name: 'Carol', color: [50, 70, 210], tone: 990 },
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

const linkTo = (roomId: string) => new URL(`/call/${roomId}`, server.url).href;

async function enter(who: keyof typeof PEOPLE, roomId: string): Promise<Person> {
  const person = await Person.create(browser, PEOPLE[who]);
  await person.join(linkTo(roomId), await server.token(person.userId));
  return person;
}

/** Presses join, without waiting for what comes of it. */
async function knock(who: keyof typeof PEOPLE, roomId: string): Promise<Person> {
  const person = await Person.create(browser, PEOPLE[who]);
  await person.openLobby(linkTo(roomId), await server.token(person.userId));
  await person.page.click('[data-action=join]');
  return person;
}

const row = (other: Person) => `.people .person[data-user-id="${other.userId}"]`;

async function leaveAll(...people: Person[]): Promise<void> {
  for (const person of people) expect(person.complaints).toEqual([]);
  await Promise.all(people.map((person) => person.close()));
}

test(
  'one who knocks waits, is seen to wait, and is in when let in; another one is turned away and may ask again',
  async () => {
    await createCall(server, 'alice', { id: 'guarded', settings: { waitingRoom: true } });
    const alice = await enter('alice', 'guarded');
    const bob = await knock('bob', 'guarded');
    await bob.waitFor('.waiting');
    expect(await bob.page.textContent('h1')).toBe('Waiting to be let in');
    await alice.waitFor('.banner:has-text("Bob is waiting to be let in.")');
    expect(await alice.page.getAttribute(alice.control('people'), 'aria-label')).toBe(
      'People, 1 waiting to be let in',
    );
    await alice.page.click('[data-action=show-waiting]');
    await alice.page.click(`${row(bob)} [data-action=admit]`);
    await bob.waitFor('.call[data-connection=connected]');
    await Promise.all([alice.sees(bob), bob.sees(alice)]);
    expect(await alice.page.isVisible('.people-waiting')).toBe(false);

    const carol = await knock('carol', 'guarded');
    await alice.page.click(`${row(carol)} [data-action=refuse]`);
    await carol.waitFor('.ended');
    expect(await carol.page.textContent('h1')).toBe('You were not let in');
    await carol.page.click('[data-action=rejoin]');
    await carol.waitFor('.waiting');
    await alice.waitFor(row(carol));
    await carol.page.click('[data-action=stop-waiting]');
    await carol.waitFor('.lobby');
    await alice.waitForNo(row(carol));
    await leaveAll(alice, bob, carol);
  },
  TIMEOUT_MS,
);

test(
  'a page whose token ends takes another one by itself, and stays',
  async () => {
    const alice = await Person.create(browser, PEOPLE.alice);
    const lifetimes: number[] = [];
    await alice.page.route('**/auth/dev-token', async (route) => {
      // The server warns a minute ahead, so the first one is about to end soon after the join.
      const lifetimeSeconds = lifetimes.length === 0 ? 64 : 3_600;
      lifetimes.push(lifetimeSeconds);
      await route.fulfill({ json: { token: await server.token('alice', ['host'], { lifetimeSeconds }) } });
    });
    const sent: string[] = [];
    const answered: string[] = [];
    alice.page.on('websocket', (socket) => {
      socket.on('framesent', ({ payload }) => sent.push(String(payload)));
      socket.on('framereceived', ({ payload }) => answered.push(String(payload)));
    });
    await alice.page.goto(linkTo('renewed'));
    await alice.page.click('[data-action=join]');
    await alice.waitFor('.call[data-connection=connected]');
    const refresh = () => sent.map((text) => JSON.parse(text)).find(({ type }) => type === 'refresh-token');
    const answer = () =>
      answered
        .map((text) => JSON.parse(text))
        .find(({ type, id }) => type === 'response' && id === refresh()?.id);
    const deadline = performance.now() + 30_000;
    while (!refresh() || !answer()) {
      if (performance.now() > deadline) throw new Error('No other token was offered, or none was taken.');
      await Bun.sleep(50);
    }
    expect(answer()).toMatchObject({ ok: true });
    expect(lifetimes).toEqual([64, 3_600]);
    await leaveAll(alice);
  },
  TIMEOUT_MS,
);

describe('in a call of a host and a guest', () => {
  let alice: Person;
  let bob: Person;

  beforeAll(async () => {
    alice = await enter('alice', 'hosted');
    bob = await enter('bob', 'hosted');
    await Promise.all([alice.sees(bob), bob.sees(alice)]);
    for (const { page } of [alice, bob]) await page.keyboard.press('p');
    await Promise.all([alice.waitFor(row(bob)), bob.waitFor(row(alice))]);
  }, TIMEOUT_MS);

  afterAll(() => leaveAll(alice, bob), TIMEOUT_MS);

  test('the guest sees the people, and nothing to command them with', async () => {
    expect(await alice.page.isVisible('.host [data-action=lock]')).toBe(true);
    expect(await bob.page.isVisible('.host')).toBe(false);
    expect(await bob.page.isVisible(`${row(alice)} [data-action=remove]`)).toBe(false);
    expect(await alice.page.isVisible(`${row(alice)} [data-action=remove]`)).toBe(false);
  });

  test(
    'hands are seen by everyone in the order in which they were raised, until lowered',
    async () => {
      await bob.page.click(bob.control('hand'));
      await alice.waitFor(`${alice.tile(bob)} .tile-hand:has-text("1")`);
      expect(await alice.page.getAttribute(alice.tile(bob), 'aria-label')).toContain('hand raised');
      await alice.page.keyboard.press('h');
      for (const person of [alice, bob]) {
        await person.waitFor(`${row(alice)} .person-hand[aria-label^="Hand raised, number 2"]`);
        const names = await person.page
          .locator('.people-list[aria-label="In the call"] .person-name')
          .allTextContents();
        expect(names.map((name) => name.replace(' (you)', ''))).toEqual(['Bob', 'Alice']);
      }
      await alice.page.click(`${row(bob)} [data-action=lower-hand]`);
      await bob.waitFor(`${bob.control('hand')}[aria-pressed=false]`);
      await bob.waitFor(`${bob.tile(alice)} .tile-hand:has-text("1")`);
      await alice.page.keyboard.press('h');
      await bob.page.waitForSelector(`${bob.tile(alice)} .tile-hand`, { state: 'hidden' });
    },
    TIMEOUT_MS,
  );

  test(
    'a reaction floats for a moment before everyone, and is announced to those who do not see it',
    async () => {
      await bob.page.click(bob.control('react'));
      await bob.page.click('.reaction-choice[aria-label=Applause]');
      await alice.waitFor('.reaction:has-text("Bob")');
      expect(await alice.page.textContent('.reaction .emoji')).toBe('👏');
      expect(await alice.page.textContent('[data-announcer]')).toBe('Bob reacted with 👏');
      await bob.waitFor('.reaction:has-text("You")');
      await Promise.all([alice.waitForNo('.reaction'), bob.waitForNo('.reaction')]);
      await bob.page.keyboard.press('Escape');
      await bob.page.waitForSelector('.reaction-picker', { state: 'hidden' });
    },
    TIMEOUT_MS,
  );

  test(
    'who is muted by the host sees it, is not heard, and can unmute',
    async () => {
      await alice.hears(bob);
      await alice.page.click(`${row(bob)} [data-action=mute]`);
      await bob.waitFor(`${bob.control('microphone')}[data-look=off]`);
      await bob.waitFor('.toast:has-text("A moderator muted you")');
      await alice.waitFor(`${alice.tile(bob)}[data-muted=true]`);
      await alice.hearsNothingOf(bob);
      await bob.page.click(bob.control('microphone'));
      await alice.waitFor(`${alice.tile(bob)}[data-muted=false]`);
      await alice.hears(bob);
    },
    TIMEOUT_MS,
  );

  test(
    'nobody else gets into a locked call, until it is unlocked',
    async () => {
      await alice.page.click('[data-action=lock]');
      await alice.waitFor('[data-action=lock][aria-checked=true]');
      await bob.waitFor('.call-lock:visible');
      const carol = await knock('carol', 'hosted');
      await carol.waitFor('[role=alert]:visible');
      expect(await carol.page.textContent('[role=alert]:visible')).toContain('The call is locked');
      await alice.page.click('[data-action=lock]');
      await bob.page.waitForSelector('.call-lock', { state: 'hidden' });
      await carol.page.click('[data-action=join]');
      await carol.waitFor('.call[data-connection=connected]');
      await leaveAll(carol);
      await alice.waitForNo(row(carol));
    },
    TIMEOUT_MS,
  );

  test(
    'an invite link lets somebody in who has nothing else',
    async () => {
      await alice.page.click('[data-action=invite]');
      await alice.waitFor('input[name=invite-link]:visible');
      const [link = '', token = ''] = (await alice.page.inputValue('input[name=invite-link]')).split(
        '#token=',
      );
      expect(link).toBe(linkTo('hosted'));
      const guest = await Person.create(browser, PEOPLE.carol);
      await guest.join(link, token);
      await alice.waitFor('.people .person:has-text("Carol")');
      expect(await guest.page.isVisible('.host')).toBe(false);
      await leaveAll(guest);
      await alice.waitForNo('.people .person:has-text("Carol")');
    },
    TIMEOUT_MS,
  );

  test(
    'whom the host removes is told so, after the host was asked',
    async () => {
      await alice.page.click(`${row(bob)} [data-action=remove]`);
      await alice.waitFor('dialog[open]:has-text("Remove Bob from the call?")');
      await alice.page.keyboard.press('Escape');
      await alice.page.waitForSelector('dialog', { state: 'hidden' });
      expect(await alice.page.isVisible(row(bob))).toBe(true);
      await alice.page.click(`${row(bob)} [data-action=remove]`);
      await alice.page.click('dialog [data-action=confirm]');
      await bob.waitFor('.ended');
      expect(await bob.page.textContent('h1')).toBe('You were removed from the call');
      expect(await bob.page.isVisible('[data-action=rejoin]')).toBe(false);
      await alice.waitForNo(alice.tile(bob));
    },
    TIMEOUT_MS,
  );

  test(
    'a call that the host ends is over for everyone',
    async () => {
      const carol = await enter('carol', 'hosted');
      await alice.page.click('[data-action=end-call]');
      await alice.page.click('dialog [data-action=confirm]');
      for (const person of [alice, carol]) {
        await person.waitFor('.ended');
        expect(await person.page.textContent('h1')).toBe('The call has ended');
        expect(await person.page.textContent('.ended p')).toContain('The host ended the call for everyone');
      }
      await leaveAll(carol);
    },
    TIMEOUT_MS,
  );
});
