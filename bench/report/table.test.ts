import { expect, test } from 'bun:test';
import { comparison, reading } from '../benchmark.ts';
import { formatNumber, formatTable } from './table.ts';
import { judge } from './verdict.ts';

function ratioOf(...ratios: number[]) {
  return comparison(
    { name: 'work', unit: 'ms', atMost: 2 },
    ratios.map((ratio) => ({ kaa: ratio, bare: 1 })),
  );
}

test('a verdict is given only where the spread allows one', () => {
  expect(judge(ratioOf(1.5, 1.6, 1.7))).toBe('met');
  expect(judge(ratioOf(2.5, 2.6, 2.7))).toBe('missed');
  expect(judge(ratioOf(1.5, 1.9, 2.5))).toBe('unclear');
  expect(judge(reading({ name: 'work', unit: 'ms' }, [1]))).toBe('reported');
});

test('a ratio is the median of the rounds, not the ratio of the medians', () => {
  const row = comparison({ name: 'work', unit: 'ms' }, [
    { kaa: 2, bare: 1 },
    { kaa: 30, bare: 10 },
    { kaa: 4, bare: 4 },
  ]);
  expect(row.ratio?.median).toBe(2);
  expect(row.baseline?.median).toBe(4);
});

test('a round in which the baseline took no time is compared with nothing', () => {
  const row = comparison({ name: 'work', unit: 'ms' }, [{ kaa: 2, bare: 0 }]);
  expect(row.ratio).toBeUndefined();
  expect(judge({ ...row, atMost: 2 })).toBe('reported');
});

test('numbers have three digits', () => {
  expect([0, 0.01234, 1.2345, 123.45, 12_345].map(formatNumber)).toEqual([
    '0',
    '0.012',
    '1.23',
    '123',
    '12345',
  ]);
  expect(formatNumber(-4.567)).toBe('-4.57');
});

test('the columns of the table are aligned', () => {
  const lines = formatTable([ratioOf(1.5, 1.6, 1.7), reading({ name: 'longer name', unit: 'KiB' }, [7])]);
  const widths = lines.split('\n').map((text) => text.length);
  expect(widths).toHaveLength(4);
  expect(new Set(widths).size).toBe(1);
  expect(lines).toContain('1.60 (1.55 to 1.65)');
});
