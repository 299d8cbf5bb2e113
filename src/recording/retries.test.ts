import { expect, test } from 'bun:test';
import { retriesFor } from './retries.ts';

test('pauses of 2, 4, 8 and so on up to 300 seconds fill the time', () => {
  expect(retriesFor(1_000).retryLimit).toBe(1);
  expect(retriesFor(2_000).retryLimit).toBe(1);
  expect(retriesFor(6_000).retryLimit).toBe(2);
  expect(retriesFor(7_000).retryLimit).toBe(3);
  // 2 + 4 + … + 256 are 510 seconds; the rest of the day are pauses of 300.
  expect(retriesFor(86_400_000).retryLimit).toBe(8 + Math.ceil((86_400 - 510) / 300));
});
