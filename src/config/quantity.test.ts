import { describe, expect, test } from 'bun:test';
import { duration, size } from './quantity.ts';

const aDuration = duration({ minimumMs: 0, maximumMs: 24 * 3_600_000 });
const aSize = size({ minimumBytes: 0, maximumBytes: 1024 ** 3 });

describe('duration', () => {
  test.each([
    ['1500ms', 1500],
    ['30s', 30_000],
    ['5m', 300_000],
    ['24h', 86_400_000],
    ['90', 90_000],
    ['0', 0],
    ['1.5s', 1500],
    ['2 M', 120_000],
  ])('%s is %d ms', (text, milliseconds) => {
    expect(aDuration.parse(text)).toBe(milliseconds);
  });

  test.each(['', 's', '-5s', '5 days', '1e3', '5s5', '25h', 'NaN', 'Infinity'])('"%s" is none', (text) => {
    expect(aDuration.parse(text)).toBeUndefined();
  });

  test('is printed in the largest unit that fits, and understood again', () => {
    for (const value of [0, 1, 1500, 60_000, 90_000, 86_400_000]) {
      expect(aDuration.parse(aDuration.print(value) === '0' ? '0s' : aDuration.print(value))).toBe(value);
    }
    expect(aDuration.print(90_000)).toBe('90s');
  });
});

describe('size', () => {
  test.each([
    ['64KiB', 65_536],
    ['1mib', 1_048_576],
    ['1000', 1000],
    ['10B', 10],
  ])('%s is %d bytes', (text, bytes) => {
    expect(aSize.parse(text)).toBe(bytes);
  });

  test.each(['64KB', '1s', '-1', '2GiB'])('"%s" is none', (text) => {
    expect(aSize.parse(text)).toBeUndefined();
  });
});
