import { expect, test } from 'bun:test';
import { readByteRange } from './byte-range.ts';

test('the forms that players use, within the file', () => {
  expect(readByteRange(null, 100)).toBeUndefined();
  expect(readByteRange('bytes=0-', 100)).toEqual({ start: 0, end: 99 });
  expect(readByteRange('bytes=10-19', 100)).toEqual({ start: 10, end: 19 });
  expect(readByteRange('Bytes=10-19', 100)).toEqual({ start: 10, end: 19 });
  expect(readByteRange('bytes=90-200', 100)).toEqual({ start: 90, end: 99 });
  expect(readByteRange('bytes=-10', 100)).toEqual({ start: 90, end: 99 });
  expect(readByteRange('bytes=-1000', 100)).toEqual({ start: 0, end: 99 });
});

test('bytes that are not there cannot be had, and nonsense is as if nothing was said', () => {
  expect(readByteRange('bytes=100-', 100)).toBe('unsatisfiable');
  expect(readByteRange('bytes=-0', 100)).toBe('unsatisfiable');
  expect(readByteRange('bytes=0-', 0)).toBe('unsatisfiable');
  for (const header of ['bytes=20-10', 'bytes=-', 'bytes=0-1,5-6', 'lines=1-2', '', 'bytes=a-b']) {
    expect(readByteRange(header, 100)).toBeUndefined();
  }
});
