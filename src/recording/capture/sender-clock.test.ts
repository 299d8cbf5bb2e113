import { expect, test } from 'bun:test';
import { SenderClock } from './sender-clock.ts';

/** Readings of a clock of 90 kHz at these seconds of ours, with its own seconds for each. */
function readAll(...readings: (readonly [seconds: number, own: number])[]): boolean[] {
  const clock = new SenderClock(90_000);
  return readings.map(([seconds, own]) =>
    clock.goesOnWith({ atMs: seconds * 1_000, rtpTimestamp: (4_294_900_000 + own * 90_000) >>> 0 }),
  );
}

test('a clock that wraps, is a little fast, or is told of a little late goes on', () => {
  expect(readAll([0, 0], [0.5, 0.4], [1.5, 1.5], [6.5, 6.9], [600, 600.3])).not.toContain(false);
});

test('one that jumps does not, in whichever direction; from there it goes on', () => {
  expect(readAll([0, 0], [1, 1], [2, 5], [3, 6])).toEqual([true, true, false, true]);
  expect(readAll([0, 0], [1, 1], [2, -2], [3, -1])).toEqual([true, true, false, true]);
  expect(readAll([0, 0], [1, 40_000], [2, 40_001])).toEqual([true, false, true]);
  expect(readAll([0, 0], [1, -3], [2, -2])).toEqual([true, false, true]);
});

test('one that stood still while nothing was sent has jumped', () => {
  expect(readAll([0, 0], [1, 1], [2, 2], [60, 2.1])).toEqual([true, true, true, false]);
});

test('one that runs at another rate than it says goes on, as long as it keeps to that', () => {
  const fast = 1_000_000 / 90_000;
  expect(readAll([0, 0], [0.5, 0.5 * fast], [1.4, 1.4 * fast], [2.5, 2.5 * fast])).not.toContain(false);
  expect(readAll([0, 0], [1, fast], [2, 2 * fast], [3, 200])).toEqual([true, true, true, false]);
});
