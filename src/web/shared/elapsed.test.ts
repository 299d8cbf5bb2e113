import { expect, test } from 'bun:test';
import { formatElapsed } from './elapsed.ts';

test('a time that goes on is written like on a clock, and never runs backwards from nothing', () => {
  expect([-5_000, 0, 7_999, 754_000, 3_600_000, 3_723_400].map(formatElapsed)).toEqual([
    '0:00',
    '0:00',
    '0:07',
    '12:34',
    '1:00:00',
    '1:02:03',
  ]);
});
