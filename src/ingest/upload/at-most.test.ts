import { expect, test } from 'bun:test';
import { failureOf } from '../../../test/support/failure.ts';
import { atMost } from './at-most.ts';

test('is over with the work, as the work is', async () => {
  await atMost(60_000, Promise.resolve());
  expect(await failureOf(atMost(60_000, Promise.reject(new Error('no'))))).toEqual(new Error('no'));
});

test('is over in time when the work never is', async () => {
  await atMost(1, new Promise(() => {}));
});
