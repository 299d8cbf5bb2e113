/** One client that talks too much, or does not listen, is a matter between it and the server: nobody else notices. */
import { afterAll, beforeAll, expect, test } from 'bun:test';
import { Chatter } from '../support/chatter.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { until } from '../support/until.ts';

/** With the limits that people get. */
let guarded: TestServer;
/** Without a limit on messages, so that a test can send many. */
let open: TestServer;

beforeAll(async () => {
  guarded = await startTestServer();
  open = await startTestServer({
    env: { SIGNALING_MESSAGES_PER_SECOND: '100000', SIGNALING_MESSAGE_BURST: '100000' },
  });
}, 60_000);

afterAll(async () => {
  await guarded.close();
  await open.close();
});

async function joinAll(server: TestServer, roomId: string, userIds: readonly string[]): Promise<Chatter[]> {
  const chatters: Chatter[] = [];
  for (const userId of userIds) chatters.push(await Chatter.join(server, userId, roomId));
  return chatters;
}

test('10,000 chat messages reach every receiver, in order and without a gap', async () => {
  const COUNT = 10_000;
  const [speaker, ...receivers] = await joinAll(open, 'chatter', ['alice', 'bob', 'carol', 'dave']);
  const texts = Array.from({ length: COUNT }, (_, index) => `message ${index}`);
  for (const text of texts) speaker!.send('chat', { text });
  for (const receiver of receivers) {
    await until('everything was heard', () => receiver.heard.length >= COUNT, 60_000);
    expect(receiver.heard).toEqual(texts);
  }
  for (const chatter of [speaker!, ...receivers]) {
    expect(chatter.gaps).toEqual([]);
    await chatter.close();
  }
}, 120_000);

/** The 95th percentile of the answers to pings, one after another, until `isOver`. */
async function pingUntil(chatters: readonly Chatter[], isOver: (count: number) => boolean): Promise<number> {
  const times: number[] = [];
  while (!isOver(times.length)) {
    times.push(...(await Promise.all(chatters.map((chatter) => chatter.ask('ping')))));
    // A person is not a benchmark either, and both would be over the limit.
    await Bun.sleep(30);
  }
  times.sort((one, other) => one - other);
  return times[Math.floor(times.length * 0.95)] ?? 0;
}

test('who floods is closed with 4429, alone, and the others are answered as fast as before', async () => {
  const FLOODERS = 10;
  const others = await joinAll(guarded, 'flooded', ['bob', 'carol']);
  const before = await pingUntil(others, (count) => count >= 100);

  let isOver = false;
  const flood = async () => {
    for (let round = 0; round < FLOODERS; round += 1) {
      const flooder = await Chatter.join(guarded, `flooder-${round}`, 'flooded');
      for (let batch = 0; batch < 50; batch += 1) {
        for (let count = 0; count < 100; count += 1) flooder.send('raise-hand');
        // The others ping from the same process: they must get their turn to send.
        await Bun.sleep(1);
      }
      expect((await flooder.closed).code).toBe(4429);
      await flooder.cut();
    }
    isOver = true;
  };
  const [during] = await Promise.all([pingUntil(others, () => isOver), flood()]);

  console.log({ pingP95Ms: { before, during } });
  // Generous: the flooders run in the same process as the server and those who ping.
  expect(during).toBeLessThan(Math.max(before * 10, 150));
  for (const other of others) {
    expect(other.gaps).toEqual([]);
    expect([...other.left.values()]).toEqual(Array.from({ length: FLOODERS }, () => 'flooding'));
  }
  for (const other of others) await other.close();
}, 60_000);

test('who does not read is closed at the limit, its connection too, and nobody else notices', async () => {
  const { hub } = open.app.calls;
  const [speaker, receiver, sleeper] = await joinAll(open, 'asleep', ['alice', 'bob', 'sleeper']);
  const sessionsBefore = hub.size;
  sleeper!.stopReading();
  // Buffers of the kernel come first; they hold some megabytes.
  const text = 'я'.repeat(4_000);
  let sent = 0;
  while (!speaker!.left.has('sleeper') && sent < 5_000) {
    speaker!.send('chat', { text });
    sent += 1;
    if (sent % 50 === 0) await speaker!.ask('ping');
  }
  expect(speaker!.left.get('sleeper')).toBe('unresponsive');
  await until('everything was heard', () => receiver!.heard.length >= sent);
  expect(receiver!.heard).toHaveLength(sent);
  expect(receiver!.gaps).toEqual([]);
  await until('the connection is gone', () => hub.size === sessionsBefore - 1);
  for (const chatter of [speaker!, receiver!]) await chatter.close();
  await sleeper!.cut();
}, 60_000);

test('who is closed by rule and keeps its end open is cut off', async () => {
  const { hub } = guarded.app.calls;
  const before = hub.size;
  const [stubborn] = await joinAll(guarded, 'stubborn', ['stubborn']);
  stubborn!.stopReading();
  for (let count = 0; count < 3; count += 1) stubborn!.send('no-such-message');
  await until('the connection is gone', () => hub.size === before);
  await stubborn!.cut();
}, 60_000);
