import { expect, test } from 'bun:test';
import type { Frame } from '../relay/relay.ts';
import { Connection } from './connection.ts';

/** A wire whose other end takes nothing until it is told to. */
function slowWire() {
  const sent: Frame[] = [];
  const closed: [number, string][] = [];
  let unsentBytes = 0;
  return {
    sent,
    closed,
    takeAll: () => {
      unsentBytes = 0;
    },
    socket: {
      send(frame: Frame) {
        sent.push(frame);
        unsentBytes += frame.length;
        return -1;
      },
      get unsentBytes() {
        return unsentBytes;
      },
      ping() {},
      close: (code: number, reason: string) => void closed.push([code, reason]),
    },
  };
}

function connect(options: { slowLimitBytes?: number; expiresAt?: Date } = {}) {
  const wire = slowWire();
  const received: Frame[] = [];
  const ends: string[] = [];
  const connection = new Connection({
    userId: 'ann',
    socket: wire.socket,
    maxMessageBytes: 10,
    slowLimitBytes: options.slowLimitBytes ?? 200,
    expiresAt: options.expiresAt,
  });
  connection.belongTo({ receive: (frame) => received.push(frame), closed: () => ends.push('closed') });
  return { connection, wire, received, ends };
}

test('who reads nothing is closed by the frame that is too much, and gets no more', () => {
  const { connection, wire, ends } = connect();
  expect(connection.send('12345')).toBe(true);
  expect(connection.send('67890')).toBe(true);
  expect(connection.send('!')).toBe(false);
  expect(wire.closed).toEqual([[1013, 'you read too slowly']]);
  expect(connection.send('more')).toBe(true);
  wire.takeAll();
  connection.drained();
  // One frame was given to the socket, which copies it; what waited behind it is let go.
  expect(wire.sent).toEqual(['12345']);
  expect(ends).toEqual(['closed']);
});

test('who catches up in time gets everything in order, and is left alone', () => {
  const { connection, wire } = connect({ slowLimitBytes: 1_000 });
  for (const frame of ['1', '2', '3']) connection.send(frame);
  expect(wire.sent).toEqual(['1']);
  connection.drained();
  expect(wire.sent).toEqual(['1']);
  for (const sent of [
    ['1', '2'],
    ['1', '2', '3'],
    ['1', '2', '3'],
  ]) {
    wire.takeAll();
    connection.drained();
    expect(wire.sent).toEqual(sent);
  }
  connection.send('4');
  expect(wire.sent).toEqual(['1', '2', '3', '4']);
  expect(wire.closed).toEqual([]);
});

test('frames with nothing in them are too much one day, too: each takes memory while it waits', () => {
  for (const empty of ['', new Uint8Array(0)]) {
    const { connection, wire } = connect({ slowLimitBytes: 10_000 });
    connection.send('1');
    let sent = 0;
    while (sent < 1_000 && connection.send(empty)) sent += 1;
    expect(sent).toBeLessThan(100);
    expect(wire.closed).toEqual([[1013, 'you read too slowly']]);
  }
});

test('what need not arrive is dropped for one who does not read', () => {
  const { connection } = connect();
  const taken = [1, 2, 3].map(() => connection.trySend('12345'));
  expect(taken).toEqual([true, true, false]);
  expect(connection.isClosed).toBe(false);
});

test('it ends once, whoever ends it, and hears nothing after', () => {
  const { connection, wire, received, ends } = connect();
  connection.receive('before');
  connection.close(4404, 'over');
  connection.close(4404, 'over');
  connection.closed();
  connection.receive('after');
  expect({ received, ends, closed: wire.closed }).toEqual({
    received: ['before'],
    ends: ['closed'],
    closed: [[4404, 'over']],
  });
});

test('a message that is too long ends it, and goes nowhere', () => {
  const { connection, wire, received } = connect();
  connection.receive('1234567890');
  connection.receive('пять.!');
  connection.receive('12345678901');
  expect(received).toEqual(['1234567890', 'пять.!']);
  expect(wire.closed).toEqual([[1009, 'the message is too long']]);
});

test('it ends with the token that let it in', async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const { connection, wire } = connect({ expiresAt: new Date(Date.now() + 20) });
  connection.belongTo({ receive: () => {}, closed: resolve });
  await promise;
  expect(wire.closed).toEqual([[4401, 'the token has expired']]);
});
