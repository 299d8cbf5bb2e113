/** Media workers die and hang under a call of three pages: picture and sound come back by themselves, and soon. */
import { afterAll, beforeAll, expect, test } from 'bun:test';
import { launchBrowser, type TestBrowser } from '../support/browser.ts';
import { join, receive } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { firstFrames, watchFrames } from './frame-watch.ts';
import { readReceived, watchPeerConnections } from './peer-connections.ts';
import { Person } from './person.ts';

/** From the moment at which the server knows. */
const BACK_WITHIN_MS = 3_000;

const PEOPLE = [
  { userId: 'alice', name: 'Alice', color: [200, 40, 40], tone: 440 },
  { userId: 'bob', name: 'Bob', color: [40, 160, 60], tone: 660 },
  { userId: 'carol', name: 'Carol', color: [50, 70, 210], tone: 990 },
] as const;

let browser: TestBrowser;
let server: TestServer;

async function enter(who: (typeof PEOPLE)[number], roomId: string): Promise<Person> {
  const person = await Person.create(browser, who);
  await watchPeerConnections(person.page);
  await watchFrames(person.page);
  await person.join(`${server.url}/call/${roomId}`, await server.token(who.userId));
  return person;
}

async function everyoneSeesEveryone(people: readonly Person[]): Promise<void> {
  for (const person of people) {
    for (const other of people) if (other !== person) await person.sees(other);
  }
}

/** One in the call who only waits to be told that the worker is gone. */
async function createWitness(roomId: string) {
  const { client, joined } = await join(server, 'witness', roomId);
  await receive(client, joined);
  return {
    /** When the server knew, on the clock of the pages too. */
    async lossKnownAt(): Promise<number> {
      await client.event('transports-lost');
      const knownAt = Date.now();
      await receive(client, joined);
      return knownAt;
    },
  };
}

function medianOf(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.POSITIVE_INFINITY;
}

/** Declares the suite, with as many losses as a distribution needs, or as few as a test does. */
export function loseWorkers(runs: number): void {
  const timeoutMs = 120_000 + runs * 60_000;

  beforeAll(async () => {
    browser = await launchBrowser();
    server = await startTestServer({ env: { WEBRTC_WORKERS: '2', WEBRTC_WORKER_TIMEOUT: '1s' } });
  }, timeoutMs);

  afterAll(async () => {
    await browser?.close();
    await server?.close();
  }, timeoutMs);

  test(
    `media is back on every page, mostly within ${BACK_WITHIN_MS} ms, when its worker is killed or hangs, or all are killed`,
    async () => {
      const { media, registry } = server.app.calls;
      const people: Person[] = [];
      for (const who of PEOPLE) people.push(await enter(who, 'lost'));
      const witness = await createWitness('lost');
      await everyoneSeesEveryone(people);
      const times: Record<string, number[]> = {};
      for (let run = 0; run < runs; run += 1) {
        for (const [how, signal] of [
          ['killed', 'SIGKILL'],
          ['stopped', 'SIGSTOP'],
          ['all killed', 'SIGKILL'],
        ] as const) {
          while (!media.isComplete) await Bun.sleep(20);
          const pids = how === 'all killed' ? media.workerPids : registry.get('lost')!.room.workerPids;
          const before = await Promise.all(people.map(({ page }) => firstFrames(page)));
          for (const pid of pids) process.kill(pid, signal);
          const knownAt = await witness.lossKnownAt();
          const backAt = await Promise.all(
            people.map(async (person, index) => {
              const known = new Set(before[index]!.map(({ media: id }) => id));
              for (;;) {
                const again = (await firstFrames(person.page)).filter(({ media: id }) => !known.has(id));
                if (again.length === people.length - 1) return Math.max(...again.map(({ at }) => at));
                if (Date.now() - knownAt > 30_000)
                  throw new Error(`${person.userId} sees ${JSON.stringify(again)}`);
                await Bun.sleep(50);
              }
            }),
          );
          times[how] = [...(times[how] ?? []), ...backAt.map((at) => at - knownAt)];
        }
      }
      for (const [how, all] of Object.entries(times)) {
        console.log(
          `${how}: media was back on the pages after (ms)`,
          all.toSorted((a, b) => a - b).join(' '),
        );
      }
      await everyoneSeesEveryone(people);
      for (const person of people) {
        for (const other of people) if (other !== person) await person.hears(other);
        expect(person.complaints).toEqual([]);
        expect(await person.page.locator('.call[data-connection=connected]').count()).toBe(1);
      }
      // One page of one loss may be slow on a busy machine; half of them may not.
      for (const all of Object.values(times)) expect(medianOf(all)).toBeLessThan(BACK_WITHIN_MS);
      await Promise.all(people.map((person) => person.close()));
    },
    timeoutMs,
  );

  test(
    'a call on the other worker loses no packet when one is killed',
    async () => {
      const { media, registry } = server.app.calls;
      while (!media.isComplete) await Bun.sleep(20);
      const [alice, bob] = [await enter(PEOPLE[0], 'spared'), await enter(PEOPLE[1], 'spared')];
      await everyoneSeesEveryone([alice, bob]);
      const spared = registry.get('spared')!.room.workerPids;
      const before = await readReceived(alice.page);
      process.kill(media.workerPids.find((pid) => !spared.includes(pid))!, 'SIGKILL');
      await alice.seesFrames(alice.tile(bob));
      await bob.seesFrames(bob.tile(alice));
      while (!media.isComplete) await Bun.sleep(20);
      await alice.seesFrames(alice.tile(bob));
      const after = await readReceived(alice.page);
      expect(after.connections).toBe(before.connections);
      expect(after.lost).toEqual(before.lost);
      for (const [track, bytes] of Object.entries(before.bytes))
        expect(after.bytes[track]).toBeGreaterThan(bytes);
      await Promise.all([alice.close(), bob.close()]);
    },
    timeoutMs,
  );
}
