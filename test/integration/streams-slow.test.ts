/** Operators that do not read: closed alone, at the limit, while the others get everything. And many operators at once. */
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test';
import { RawWebSocket } from '../support/raw-websocket.ts';
import { createSession } from '../support/streams/session.ts';
import {
  openStreamDatabase,
  type StreamDatabase,
  type StreamServer,
  startStreamServer,
} from '../support/streams/stream-server.ts';
import { until } from '../support/until.ts';

setDefaultTimeout(120_000);

const MEBIBYTE = 1024 ** 2;
const FRAME_BYTES = MEBIBYTE / 4;
const SLOW_LIMIT_BYTES = 8 * MEBIBYTE;
/** What the buffers of the kernel on both sides take beside. */
const KERNEL_BYTES = 16 * MEBIBYTE;
const CROWD = 200;

let shared: StreamDatabase;
let server: StreamServer;

beforeAll(async () => {
  shared = await openStreamDatabase();
  server = await startStreamServer(shared, { WS_MAX_MESSAGE_SIZE: '1MiB', WS_SLOW_LIMIT: '8MiB' });
});

afterAll(async () => {
  await server?.close();
  await shared?.close();
});

test('one that reads nothing is closed alone when the limit is reached, with 1013 where it still gets through', async () => {
  const session = await createSession(server);
  let heard = 0;
  const others = await Promise.all(
    ['ann', 'bob', 'carl'].map((userId) => session.operator(userId, { onFrame: () => (heard += 1) })),
  );
  const path = new URL(session.operatorUrl('slow')).pathname;
  const token = await server.token('slow', ['participant']);
  const slow = await RawWebSocket.connect(server.url, token, () => {}, path);
  slow.stopReading();
  const source = await session.source();
  let sent = 0;
  while (server.streams.stats.slowClosed === 0 && sent * FRAME_BYTES < 100 * MEBIBYTE) {
    source.send(Buffer.alloc(FRAME_BYTES, sent));
    sent += 1;
    // The others keep up with each frame: whoever does is never closed.
    await until('the others have it', () => heard === sent * others.length);
  }
  expect(server.streams.stats).toMatchObject({ slowClosed: 1, operators: others.length });
  expect(sent * FRAME_BYTES).toBeGreaterThan(SLOW_LIMIT_BYTES);
  expect(sent * FRAME_BYTES).toBeLessThan(SLOW_LIMIT_BYTES + KERNEL_BYTES);
  slow.resumeReading();
  expect(await slow.closed).toEqual({ code: 1013, reason: 'you read too slowly' });
  source.send('still here');
  await until('the others have the last one', () => heard === (sent + 1) * others.length);
  expect((await session.operators()).filter(({ connected }) => connected)).toHaveLength(others.length);
  await session.finish();
});

test('a source that reads nothing goes on sending, and what operators say to it is dropped at the limit', async () => {
  const session = await createSession(server);
  const ann = await session.operator('ann');
  const { pathname, search } = new URL(session.sourceUrl);
  const token = await server.token('camera', ['participant']);
  const source = await RawWebSocket.connect(server.url, token, () => {}, `${pathname}${search}`);
  source.stopReading();
  for (let said = 0; said * FRAME_BYTES < SLOW_LIMIT_BYTES + 2 * KERNEL_BYTES; said += 1) {
    ann.send(Buffer.alloc(FRAME_BYTES, said));
  }
  source.sendText('still here');
  expect(await ann.received(1)).toEqual(['still here']);
  // Behind everything that Ann said.
  expect((await session.finish()).status).toBe(204);
  await source.cut();
});

test(`${CROWD} operators of one session get every frame`, async () => {
  const session = await createSession(server);
  const counts = new Array<number>(CROWD).fill(0);
  const operators = await Promise.all(
    counts.map((_, index) =>
      session.operator(`operator-${index}`, {
        onFrame: (frame) => {
          // Each frame carries its number, and no operator may miss one.
          if (Buffer.from(frame as Uint8Array).readUInt32BE(0) === counts[index])
            counts[index] = (counts[index] ?? 0) + 1;
        },
      }),
    ),
  );
  expect(await session.operators()).toHaveLength(CROWD);
  const source = await session.source();
  const frames = 50;
  for (let number = 0; number < frames; number += 1) {
    const frame = Buffer.alloc(4_096);
    frame.writeUInt32BE(number);
    source.send(frame);
  }
  await until('everybody has everything', () => counts.every((count) => count === frames), 60_000);
  await session.finish();
  expect(new Set((await Promise.all(operators.map(({ closed }) => closed))).map(({ code }) => code))).toEqual(
    new Set([4404]),
  );
});
