import { expect, test } from 'bun:test';
import { nextIndex } from './next-index.ts';

test('the index goes on with what was answered', () => {
  expect(nextIndex(0, 42)).toBe(42);
  expect(nextIndex(42, 42)).toBe(42);
  expect(nextIndex(42, 43)).toBe(43);
});

test('an index that went backwards asks for everything anew', () => {
  expect(nextIndex(42, 41)).toBe(0);
  expect(nextIndex(42, 0)).toBe(0);
});

test('an answer without an index does not make us ask without a pause', () => {
  expect(nextIndex(0, 0)).toBe(1);
  expect(nextIndex(1, 1)).toBe(1);
});
