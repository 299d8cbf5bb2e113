import { describe, expect, test } from 'bun:test';
import { FloodGuard, ViolationCounter } from './guards.ts';

describe('FloodGuard', () => {
  test('accepts a burst, refuses what is over it, and closes on one who goes on all the same', () => {
    const guard = new FloodGuard({ messagesPerSecond: 1, messageBurst: 3 });
    const verdicts = Array.from({ length: 7 }, () => guard.judge());
    expect(verdicts).toEqual(['accept', 'accept', 'accept', 'refuse', 'refuse', 'refuse', 'close']);
  });
});

describe('ViolationCounter', () => {
  test('three within ten seconds are too many; spread out they are not', () => {
    const counter = new ViolationCounter();
    expect([counter.count(0), counter.count(9_000), counter.count(11_000), counter.count(18_000)]).toEqual([
      false,
      false,
      false,
      true,
    ]);
  });
});
