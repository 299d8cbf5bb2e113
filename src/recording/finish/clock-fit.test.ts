import { expect, test } from 'bun:test';
import { type ClockPoint, fitClock } from './clock-fit.ts';

const START_MS = Date.UTC(2026, 0, 1);

/** Reports every half second, each up to `jitterMs` late, of a sender whose clock is off. */
function reports(seconds: number, skewPpm: number, jitterMs: number): ClockPoint[] {
  let state = 7;
  return Array.from({ length: seconds * 2 }, (_, index) => {
    state = (state * 48_271) % 2_147_483_647;
    const wallSeconds = index / 2;
    return {
      mediaSeconds: wallSeconds * (1 + skewPpm / 1e6),
      wallMs: START_MS + wallSeconds * 1_000 + (state / 2_147_483_647) * jitterMs,
    };
  });
}

test('a clock that is off by 500 ppm is followed from the first to the last minute, through 30 ms of jitter', () => {
  for (const skewPpm of [-500, 0, 500]) {
    const fit = fitClock(reports(600, skewPpm, 30), START_MS);
    for (const wallSeconds of [0, 1, 59, 300, 599]) {
      const error = fit(wallSeconds * (1 + skewPpm / 1e6)) - (START_MS + wallSeconds * 1_000 + 15);
      expect(Math.abs(error)).toBeLessThan(8);
    }
  }
});

test('a clock that changes its rate on the way is followed too', () => {
  const before = reports(120, 300, 0);
  const last = before.at(-1)!;
  const after = reports(120, -300, 0).map(({ mediaSeconds, wallMs }) => ({
    mediaSeconds: mediaSeconds + last.mediaSeconds,
    wallMs: wallMs - START_MS + last.wallMs,
  }));
  const fit = fitClock([...before, ...after], START_MS);
  for (const { mediaSeconds, wallMs } of [...before, ...after].filter((_, index) => index % 40 === 0)) {
    expect(Math.abs(fit(mediaSeconds) - wallMs)).toBeLessThan(6);
  }
});

test('a short segment is placed and not stretched, one without reports by its first packet', () => {
  const short = fitClock(reports(3, 0, 30), START_MS);
  expect(short(2) - short(1)).toBeCloseTo(1_000, 1);
  expect(Math.abs(short(0) - START_MS - 15)).toBeLessThan(10);
  expect(fitClock([], START_MS)(1.5)).toBe(START_MS + 1_500);
});

test('a jump within a few seconds is chance, and no rate; a rate that lasts is one', () => {
  const jumping = reports(8, 0, 0).map(({ mediaSeconds, wallMs }) => ({
    mediaSeconds,
    wallMs: wallMs + (mediaSeconds > 4 ? 40 : 0),
  }));
  const fit = fitClock(jumping, START_MS);
  expect(Math.abs(fit(8) - fit(0) - 8_000)).toBeLessThan(3);
  expect(Math.abs(fit(4) - START_MS - 4_020)).toBeLessThan(5);
  for (const seconds of [5, 10, 20, 31, 40, 50]) {
    const drifting = fitClock(reports(seconds, 500, 0), START_MS);
    for (const wallSeconds of [0, seconds]) {
      const error = drifting(wallSeconds * (1 + 500 / 1e6)) - (START_MS + wallSeconds * 1_000);
      expect(Math.abs(error)).toBeLessThan(6);
    }
  }
});

test('reports in any order, and one alone, are no trouble', () => {
  const points = reports(60, 100, 0);
  expect(fitClock(points.toReversed(), 0)(30)).toBeCloseTo(fitClock(points, 0)(30), 6);
  expect(fitClock(points.slice(0, 1), 0)(2)).toBeCloseTo(START_MS + 2_000, 6);
});
