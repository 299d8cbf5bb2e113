/** The benchmark that needs a browser, in its short form; the others are in test/integration. */
import { expect, test } from 'bun:test';
import { BENCHMARKS } from '../../bench/benchmarks.ts';

test('first-frame: a guest joins and sees the publisher', async () => {
  const { counts, series } = await BENCHMARKS['first-frame'].run({ isSmoke: true, report: () => {} });
  expect(counts).toEqual({ joins: 1 });
  expect(series?.firstFrameMs?.[0]).toBeGreaterThan(0);
}, 60_000);
