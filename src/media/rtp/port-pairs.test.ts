import { expect, test } from 'bun:test';
import { createSocket } from 'node:dgram';
import { failureOf } from '../../../test/support/failure.ts';
import { PortPairs } from './port-pairs.ts';

const FROM = 47_310;

test('each pair is given to one at a time, round and round; what is given back twice is free once', async () => {
  const pairs = new PortPairs({ from: FROM, to: FROM + 5 });
  const first = await pairs.take();
  expect([first.port, (await pairs.take()).port]).toEqual([FROM, FROM + 2]);
  first.release();
  first.release();
  expect([(await pairs.take()).port, (await pairs.take()).port]).toEqual([FROM + 4, FROM]);
  first.release();
  expect(await failureOf(pairs.take())).toMatchObject({ code: 'unavailable' });
  expect(pairs.takenCount).toBe(3);
});

test('a pair of which somebody else has one port is passed over', async () => {
  const other = createSocket('udp4');
  await new Promise<void>((resolve) => other.bind(FROM + 101, '127.0.0.1', () => resolve()));
  const pairs = new PortPairs({ from: FROM + 100, to: FROM + 103 });
  expect((await pairs.take()).port).toBe(FROM + 102);
  expect(await failureOf(pairs.take())).toMatchObject({ code: 'unavailable' });
  await new Promise<void>((resolve) => other.close(() => resolve()));
});
