/** The media worker dies under clients without a library: they go on over the same connections, and it is told where the time goes. */
import { afterAll, beforeAll, expect, test } from 'bun:test';
import { launchBrowser } from '../support/browser.ts';
import { startTestServer } from '../support/server.ts';
import type { PersonOptions } from './person.ts';
import { enterApp, enterPlain, eventually, leave, meet, type Scene } from './plain-people.ts';
import { returnTimes, watchReturn } from './return-watch.ts';

const ALICE: PersonOptions = { userId: 'alice', name: 'Alice', color: [200, 40, 40], tone: 440 };
const PAUL: PersonOptions = { userId: 'paul', name: 'Paul', color: [40, 160, 60], tone: 660 };
const PIA: PersonOptions = { userId: 'pia', name: 'Pia', color: [50, 70, 210], tone: 990 };

export interface Losses {
  readonly runs: number;
  /** From the kill until the last picture is back everywhere; only told where it is undefined. */
  readonly limitMs?: number;
}

/** Declares the suite, with as many losses as a distribution needs, or as few as a test does. */
export function loseWorkersUnderSdp({ runs, limitMs }: Losses): void {
  const timeoutMs = 120_000 + runs * 30_000;
  let scene: Scene;

  beforeAll(async () => {
    const [server, browser] = await Promise.all([startTestServer(), launchBrowser()]);
    scene = { server, browser };
  }, timeoutMs);

  afterAll(async () => {
    await scene?.browser.close();
    await scene?.server.close();
  }, timeoutMs);

  test(
    'takes nothing from clients without a library: they are on the same connections again, with the same tracks',
    async () => {
      const alice = await enterApp(scene, ALICE, 'dying');
      const paul = await enterPlain(scene, PAUL, { roomId: 'dying' });
      const pia = await enterPlain(scene, PIA, { roomId: 'dying', onlyAnswers: true });
      await paul.page.evaluate(async () => {
        window.peer.pub.addTrack(window.peer.microphone);
        window.peer.pub.addTransceiver(window.peer.camera, {
          direction: 'sendonly',
          sendEncodings: [{ rid: 'q', scaleResolutionDownBy: 4 }, { rid: 'f' }],
        });
        await window.peer.offer();
      });
      await meet(alice, paul, pia);
      const { media, registry } = scene.server.app.calls;
      const { participants } = registry.get('dying')!;
      const trackIds = () =>
        [...participants.values()].flatMap(({ publications }) => [...publications.keys()]).toSorted();
      const before = trackIds();
      const backAfter: number[] = [];
      await eventually(async () => {
        const [, camera] = participants.get('paul')!.publications.values();
        // A busy machine may leave out the upper layer.
        return (await camera!.packetCounts()).some((count) => count > 50);
      });
      for (let run = 0; run < runs; run += 1) {
        const replaced = new Promise<void>((resolve) => media.events.on('workerReplaced', () => resolve()));
        const people = [alice, paul, pia];
        await Promise.all(people.map(({ page }) => watchReturn(page)));
        // A frame of everybody, before which none was lost.
        for (const person of people) await person.seesFrames(person.tile(person === paul ? pia : paul));
        const killedAt = Date.now();
        process.kill(registry.get('dying')!.room.workerPids[0]!, 'SIGKILL');
        await replaced;
        const replacedAt = Date.now();
        await eventually(async () =>
          [...participants.values()].every(({ generation }) => generation === run + 2),
        );
        for (const person of people) {
          for (const other of people) if (other !== person) await person.seesFrames(person.tile(other));
        }
        const times = await Promise.all(people.map(({ page }) => returnTimes(page)));
        const backAt = Math.max(...times.flatMap((ofPage) => Object.values(ofPage)));
        const toldAt = await paul.page.evaluate(
          () => window.peer.log.findLast(({ type }) => type === 'renegotiate')!.at,
        );
        const after = (at: number) => Math.round(at - killedAt);
        console.log(
          `after the kill (ms): another worker ${after(replacedAt)}, the publisher told ${after(toldAt)}, ` +
            `the last picture back ${after(backAt)}`,
          ...people.map((person, index) => [
            person.userId,
            Object.fromEntries(Object.entries(times[index]!).map(([userId, at]) => [userId, after(at)])),
          ]),
        );
        backAfter.push(after(backAt));
        await meet(alice, paul, pia);
        expect(trackIds()).toEqual(before);
      }
      const how = await paul.page.evaluate(() =>
        window.peer.log.filter(({ type }) => type === 'renegotiate').map(({ data }) => data.how),
      );
      expect(how).toEqual(Array.from({ length: runs }, () => 'ice-restart'));
      if (limitMs !== undefined) expect(Math.max(...backAfter)).toBeLessThan(limitMs);
      await leave(alice, paul, pia);
    },
    timeoutMs,
  );
}
