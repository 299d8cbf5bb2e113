/** A network that lets no UDP through: the call goes over TCP, and is as good. */
import { expect, test } from 'bun:test';
import { launchBrowser } from '../support/browser.ts';
import { startTestServer } from '../support/server.ts';
import { readMediaProtocols, watchPeerConnections } from './peer-connections.ts';
import { Person } from './person.ts';

const TIMEOUT_MS = 120_000;

test(
  'one behind a firewall that blocks UDP sees, hears, is seen and heard over TCP',
  async () => {
    const server = await startTestServer();
    const [free, blocked] = [await launchBrowser(), await launchBrowser({ isUdpBlocked: true })];
    const enter = async (browser: typeof free, who: Person['options']) => {
      const person = await Person.create(browser, who);
      await watchPeerConnections(person.page);
      await person.join(`${server.url}/call/blocked`, await server.token(who.userId));
      return person;
    };
    const alice = await enter(free, { userId: 'alice', name: 'Alice', color: [200, 40, 40], tone: 440 });
    const bob = await enter(blocked, { userId: 'bob', name: 'Bob', color: [40, 160, 60], tone: 660 });
    await Promise.all([alice.sees(bob), bob.sees(alice), alice.hears(bob), bob.hears(alice)]);
    expect(await readMediaProtocols(alice.page)).toEqual(['udp', 'udp']);
    expect(await readMediaProtocols(bob.page)).toEqual(['tcp', 'tcp']);
    await Promise.all([alice.close(), bob.close()]);
    await Promise.all([free.close(), blocked.close()]);
    await server.close();
  },
  TIMEOUT_MS,
);
