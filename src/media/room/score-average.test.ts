import { expect, test } from 'bun:test';
import { averageOf, ScoreAverage } from './score-average.ts';

test('a score counts for as long as it was so, and pauses do not count', () => {
  const score = new ScoreAverage();
  expect(averageOf([score.read(0)])).toBeNull();
  score.note(10, 0);
  score.note(4, 1_000);
  expect(averageOf([score.read(3_000)])).toBe(6);
  score.note(undefined, 3_000);
  expect(averageOf([score.read(99_000)])).toBe(6);
});

test('tracks are weighted by the time that they were published', () => {
  expect(
    averageOf([
      { scoreMs: 10_000, ms: 1_000 },
      { scoreMs: 0, ms: 3_000 },
    ]),
  ).toBe(2.5);
});
