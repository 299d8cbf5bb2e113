import { afterEach, beforeEach, expect, jest, test } from 'bun:test';
import { ExpiryWatch } from './expiry-watch.ts';

const MINUTE_MS = 60_000;

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

function inMinutes(count: number): Date {
  return new Date(Date.now() + count * MINUTE_MS);
}

/** A watch, and what it said so far. */
function watch(expiresAt: Date) {
  const said: (Date | 'expired')[] = [];
  const expiry = new ExpiryWatch(expiresAt, {
    onExpiring: (at) => said.push(at),
    onExpired: () => said.push('expired'),
  });
  return { expiry, said };
}

test('it warns once, a minute ahead, and then says the end', () => {
  const expiresAt = inMinutes(10);
  const { said } = watch(expiresAt);
  jest.advanceTimersByTime(9 * MINUTE_MS - 1);
  expect(said).toEqual([]);
  jest.advanceTimersByTime(1);
  expect(said).toEqual([expiresAt]);
  jest.advanceTimersByTime(MINUTE_MS - 1);
  expect(said).toEqual([expiresAt]);
  jest.advanceTimersByTime(1);
  expect(said).toEqual([expiresAt, 'expired']);
  jest.advanceTimersByTime(100 * MINUTE_MS);
  expect(said).toHaveLength(2);
});

test('less than a minute is warned of at the start', () => {
  const expiresAt = inMinutes(0.5);
  const { said } = watch(expiresAt);
  expect(said).toEqual([]);
  jest.advanceTimersByTime(1);
  expect(said).toEqual([expiresAt]);
});

test('another token is watched in place of the first, and warned of again', () => {
  const { expiry, said } = watch(inMinutes(1));
  jest.advanceTimersByTime(1);
  expect(said).toHaveLength(1);
  const expiresAt = inMinutes(5);
  expiry.renew(expiresAt);
  jest.advanceTimersByTime(4 * MINUTE_MS - 1);
  expect(said).toHaveLength(1);
  jest.advanceTimersByTime(1);
  expect(said.slice(1)).toEqual([expiresAt]);
});

test('a token of many weeks is watched to its end', () => {
  const days = 40;
  const { said } = watch(inMinutes(days * 24 * 60));
  jest.advanceTimersByTime(MINUTE_MS);
  expect(said).toEqual([]);
  jest.advanceTimersByTime(days * 24 * 60 * MINUTE_MS);
  expect(said).toHaveLength(2);
});

test('a closed one says nothing any more', () => {
  const { expiry, said } = watch(inMinutes(2));
  expiry.close();
  expiry.close();
  jest.advanceTimersByTime(10 * MINUTE_MS);
  expect(said).toEqual([]);
});
