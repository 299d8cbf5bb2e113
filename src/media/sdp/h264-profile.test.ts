import { expect, test } from 'bun:test';
import { h264ProfileOf } from './h264-profile.ts';

test.each([
  ['42e01f', 'constrained-baseline'],
  ['42c02a', 'constrained-baseline'],
  ['4de01f', 'constrained-baseline'],
  [undefined, 'constrained-baseline'],
  ['42001f', 'baseline'],
  ['4d0032', 'main'],
  ['4d001f', 'main'],
  ['640032', 'high'],
  // Digits alone are a word too.
  [640_028, 'high'],
  ['640c1f', 'constrained-high'],
  ['f4001f', 'predictive-high-444'],
  ['42', undefined],
  ['zzzzzz', undefined],
  ['ff001f', undefined],
])('the profile of %p is %p', (profileLevelId, profile) => {
  expect(h264ProfileOf(profileLevelId)).toBe(profile!);
});
