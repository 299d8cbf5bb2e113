/** Who meets in tests of clients without a library: users of the app, and pages of plain RTCPeerConnections. */
import { expect } from 'bun:test';
import type { TestBrowser } from '../support/browser.ts';
import type { TestServer } from '../support/server.ts';
import { Person, type PersonOptions } from './person.ts';
import { installPlainPeer, type PlainOptions } from './plain-peer.ts';

/** What they meet by. */
export interface Scene {
  readonly server: TestServer;
  readonly browser: TestBrowser;
}

export async function enterApp(
  { server, browser }: Scene,
  options: PersonOptions,
  roomId: string,
): Promise<Person> {
  const person = await Person.create(browser, options);
  await person.join(new URL(`/call/${roomId}`, server.url).href, await server.token(options.userId));
  return person;
}

export async function enterPlain(
  { server, browser }: Scene,
  options: PersonOptions,
  { roomId, ...more }: Partial<PlainOptions> & Pick<PlainOptions, 'roomId'>,
): Promise<Person> {
  const person = await Person.create(browser, options);
  await person.page.addInitScript(installPlainPeer);
  await person.page.goto(new URL('/health', server.url).href);
  const token = await server.token(options.userId);
  await person.page.evaluate((given) => window.startPlainPeer(given), {
    url: server.url,
    token,
    roomId,
    ...more,
  });
  return person;
}

export async function meet(...people: Person[]): Promise<void> {
  for (const person of people) {
    for (const other of people) {
      if (other === person) continue;
      await person.sees(other);
      await person.hears(other);
    }
  }
}

export async function leave(...people: Person[]): Promise<void> {
  for (const person of people) expect(person.complaints).toEqual([]);
  await Promise.all(people.map((person) => person.close()));
}

/** Resolves when it comes true; the test's own time limit is how long that may take. */
export async function eventually(isTrue: () => Promise<boolean>): Promise<void> {
  while (!(await isTrue())) await Bun.sleep(50);
}
