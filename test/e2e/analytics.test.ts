/** A scripted call: what is known in advance about who spoke, who dropped and how much was sent is what the analytics say. */
import { expect, test } from 'bun:test';
import { launchBrowser } from '../support/browser.ts';
import { CuttableProxy } from '../support/cuttable-proxy.ts';
import { startTestServer } from '../support/server.ts';
import { readSent, watchPeerConnections } from './peer-connections.ts';
import { Person } from './person.ts';

const TIMEOUT_MS = 120_000;
/** The levels are looked at every 300 ms, and a page on a busy machine may be slow to mute. */
const TALK_TOLERANCE_MS = 2_500;

test(
  'who spoke for how long, who came back and how much was sent come out right',
  async () => {
    const server = await startTestServer();
    const browser = await launchBrowser();
    const proxy = await CuttableProxy.before(server.url);
    const enter = async (who: Person['options'], url = server.url) => {
      const person = await Person.create(browser, who);
      await watchPeerConnections(person.page);
      await person.join(`${url}/call/scripted`, await server.token(who.userId));
      return person;
    };
    const listener = await enter({ userId: 'listener', name: 'Listener', color: [40, 160, 60], tone: 660 });
    await listener.page.click(listener.control('microphone'));
    const dropper = await enter(
      { userId: 'dropper', name: 'Dropper', color: [50, 70, 210], tone: 990 },
      proxy.url,
    );
    await dropper.page.click(dropper.control('microphone'));
    const speaker = await enter({ userId: 'speaker', name: 'Speaker', color: [200, 40, 40], tone: 440 });
    await listener.hears(speaker);
    const speaksFrom = performance.now();

    proxy.cut();
    await dropper.waitFor('.call[data-connection=reconnecting]');
    proxy.mend();
    await dropper.waitFor('.call[data-connection=connected]');
    await Bun.sleep(4_000);

    await speaker.page.click(speaker.control('microphone'));
    const spokeMs = performance.now() - speaksFrom;
    await listener.hearsNothingOf(speaker);
    const sent = await readSent(speaker.page);
    await speaker.close();

    const headers = { authorization: `Bearer ${await server.token('root', ['admin'])}` };
    await fetch(`${server.url}/video-calls/scripted`, { method: 'DELETE', headers });
    const response = await fetch(`${server.url}/video-calls/scripted/analytics`, { headers });
    const { users, ...call } = (await response.json()) as {
      users: { userId: string; talkTimeMs: number; bytesReceived: number; reconnects: number }[];
    };
    console.log(JSON.stringify({ spokeMs, sent, call, users }));
    expect(call).toMatchObject({ joined: 3, left: 3, reconnects: 1, participants: { total: 3, peak: 3 } });
    const of = (userId: string) => users.find((user) => user.userId === userId)!;
    expect(of('dropper')).toMatchObject({ stays: 1, reconnects: 1 });
    expect(of('speaker')).toMatchObject({ stays: 1, reconnects: 0 });
    expect(Math.abs(of('speaker').talkTimeMs - spokeMs)).toBeLessThan(TALK_TOLERANCE_MS);
    // Until the click they beep.
    for (const silent of ['listener', 'dropper']) {
      expect(of(silent).talkTimeMs).toBeLessThan(of('speaker').talkTimeMs / 2);
    }
    expect(of('speaker').bytesReceived).toBeGreaterThan(sent * 0.85);
    expect(of('speaker').bytesReceived).toBeLessThan(sent * 1.15);
    await Promise.all([listener.close(), dropper.close()]);
    proxy.close();
    await browser.close();
    await server.close();
  },
  TIMEOUT_MS,
);
