import { describe, expect, test } from 'bun:test';
import { reconnectDelayMs, waitToReconnect } from './backoff.ts';

describe('the delay before another attempt', () => {
  test('doubles up to a bound', () => {
    const delays = Array.from({ length: 8 }, (_, attempt) => reconnectDelayMs(attempt, () => 0));
    expect(delays).toEqual([300, 600, 1_200, 2_400, 3_000, 3_000, 3_000, 3_000]);
  });

  test('is spread by chance, by half of it at most', () => {
    expect(reconnectDelayMs(2, () => 0.999)).toBeGreaterThanOrEqual(600);
    expect(reconnectDelayMs(2, () => 0.5)).toBe(900);
  });
});

describe('waiting', () => {
  test('ends at once when nobody waits any more', async () => {
    const ending = new AbortController();
    const waiting = waitToReconnect(60_000, ending.signal);
    ending.abort();
    await waiting;
    await waitToReconnect(60_000, ending.signal);
  });

  test('ends when the network is back', async () => {
    const waiting = waitToReconnect(60_000, new AbortController().signal);
    globalThis.dispatchEvent(new Event('online'));
    await waiting;
  });
});
