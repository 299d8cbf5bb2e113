/** How frontend messages are cut into units, and how the end of an answer is read. */
import { expect, test } from 'bun:test';
import { SYNC, setStatusIdle, simpleQuery, splitUnits, statusAtEnd } from './wire.ts';

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const concat = (...parts: Uint8Array[]) => new Uint8Array(Buffer.concat(parts));
const message = (type: string, body = '') =>
  concat(Uint8Array.of(type.charCodeAt(0), 0, 0, 0, 4 + body.length), new TextEncoder().encode(body));

test('a text is a unit, and so is everything up to a Sync', () => {
  const bytes = concat(
    simpleQuery('BEGIN'),
    message('P', 'S'),
    message('B', 'Q'),
    SYNC,
    simpleQuery('COMMIT'),
  );
  const units = splitUnits(bytes);
  expect(units.map(({ isText }) => isText)).toEqual([true, false, true]);
  expect(text(units[1]!.bytes)).toBe(text(concat(message('P', 'S'), message('B', 'Q'), SYNC)));
});

test('messages without their Sync are a unit, the last', () => {
  const units = splitUnits(concat(SYNC, message('P'), message('H')));
  expect(units).toHaveLength(2);
  expect(text(units[1]!.bytes)).toBe(text(concat(message('P'), message('H'))));
});

test('Terminate is dropped, what came before it is not', () => {
  expect(splitUnits(message('X'))).toEqual([]);
  expect(splitUnits(concat(message('P'), message('X')))).toHaveLength(1);
});

test('the status is that of the last ReadyForQuery', () => {
  const ready = (status: string) => concat(message('C', 'BEGIN\0'), message('Z', status));
  expect(statusAtEnd(ready('I'))).toBe('idle');
  expect(statusAtEnd(ready('T'))).toBe('transaction');
  expect(statusAtEnd(ready('E'))).toBe('failed');
  expect(statusAtEnd(message('1'))).toBeUndefined();
  expect(statusAtEnd(new Uint8Array(0))).toBeUndefined();
  const failed = ready('E');
  setStatusIdle(failed);
  expect(statusAtEnd(failed)).toBe('idle');
});
