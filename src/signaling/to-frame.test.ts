import { expect, test } from 'bun:test';
import { parseMessage } from './parse.ts';
import { toFrame } from './to-frame.ts';

const MAX_BYTES = 1_024;
const ping = { id: '1', type: 'ping', roomId: 'standup' };

test.each([
  ['a text', JSON.stringify(ping)],
  ['a Buffer', Buffer.from(JSON.stringify(ping))],
  ['an ArrayBuffer', new TextEncoder().encode(JSON.stringify(ping)).buffer],
  ['a part of a larger buffer', Buffer.from(` ${JSON.stringify(ping)} `).subarray(1, -1)],
  ['an object that was parsed already', ping],
])('%s is the same message', (_what, message) => {
  expect(parseMessage(toFrame(message), MAX_BYTES)).toMatchObject({ kind: 'message', message: ping });
});

test('an object that is too long is too long', () => {
  const message = { ...ping, data: { text: 'x'.repeat(MAX_BYTES) } };
  expect(parseMessage(toFrame(message), MAX_BYTES)).toEqual({ kind: 'too-long' });
});

const circular: Record<string, unknown> = {};
circular.self = circular;

test.each([
  ['nothing', undefined],
  ['null', null],
  ['a number', 12],
  ['a function', () => {}],
  ['a bigint', 12n],
  ['a circle', circular],
  ['what is nested without end', JSON.parse(`${'['.repeat(200_000)}${']'.repeat(200_000)}`)],
  ['bytes that are no text', Buffer.from([0xff, 0xfe])],
  ['a key that would become a prototype', JSON.parse('{"type":"ping","roomId":"r","__proto__":{"a":1}}')],
])('%s is no message', (_what, message) => {
  expect(parseMessage(toFrame(message), 1_000_000).kind).toBe('invalid');
});
