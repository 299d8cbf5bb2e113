/** A call that has outgrown its worker: people on different workers see, hear and notice each other as on one. */
import { expect, test } from 'bun:test';
import { launchBrowser } from '../support/browser.ts';
import { startTestServer } from '../support/server.ts';
import { Person } from './person.ts';

const TIMEOUT_MS = 120_000;

test(
  'two on different workers see and hear each other, and one who mutes is silent for the other',
  async () => {
    const server = await startTestServer({ env: { WEBRTC_WORKERS: '2', WEBRTC_WORKER_CAPACITY: '1' } });
    const browser = await launchBrowser();
    const people: Person[] = [];
    for (const who of [
      { userId: 'alice', name: 'Alice', color: [200, 40, 40], tone: 440 },
      { userId: 'bob', name: 'Bob', color: [40, 160, 60], tone: 660 },
      { userId: 'carol', name: 'Carol', color: [50, 70, 210], tone: 990 },
    ] as const) {
      const person = await Person.create(browser, who);
      await person.join(`${server.url}/call/grown`, await server.token(who.userId));
      people.push(person);
    }
    const [alice, bob, carol] = people as [Person, Person, Person];
    for (const person of people) {
      for (const other of people) if (other !== person) await person.sees(other);
    }
    const { room } = server.app.calls.registry.get('grown')!;
    expect(room.workerPids).toHaveLength(2);
    expect(room.pipeCount).toBeGreaterThan(0);
    await Promise.all([alice.hears(bob), bob.hears(carol), carol.hears(alice)]);
    await alice.page.click(alice.control('microphone'));
    await Promise.all([bob.hearsNothingOf(alice), carol.hearsNothingOf(alice)]);
    await alice.page.click(alice.control('microphone'));
    await Promise.all([bob.hears(alice), carol.hears(alice)]);
    for (const person of people) expect(person.complaints).toEqual([]);
    await Promise.all(people.map((person) => person.close()));
    while (room.pipeCount > 0) await Bun.sleep(20);
    await browser.close();
    await server.close();
  },
  TIMEOUT_MS,
);
