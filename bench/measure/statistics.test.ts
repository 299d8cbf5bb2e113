import { expect, test } from 'bun:test';
import { quantile, slope, summarize } from './statistics.ts';

test('the order of the values does not matter, and one far away moves no median', () => {
  expect(summarize([3, 1, 2, 5, 4])).toEqual({ median: 3, low: 2, high: 4, count: 5 });
  expect(summarize([3, 1, 2, 500, 4]).median).toBe(3);
});

test('between two values a quantile is interpolated', () => {
  expect(quantile([10, 20], 0.5)).toBe(15);
  expect(quantile([0, 10, 20, 30], 0.95)).toBeCloseTo(28.5);
  expect(quantile([7], 0.95)).toBe(7);
});

test('an empty sample has no result', () => {
  expect(() => summarize([])).toThrow(RangeError);
  expect(() => slope([1])).toThrow(RangeError);
});

test('a slope is the growth a step, and noise around a level has nearly none', () => {
  expect(slope([1, 3, 5, 7])).toBeCloseTo(2);
  expect(slope([5, 5, 5])).toBe(0);
  expect(Math.abs(slope([5, 6, 5, 6, 5]))).toBeLessThan(0.01);
});
