import { expect, test } from 'bun:test';
import { failureOf } from '../../test/support/failure.ts';
import { retry } from './retry.ts';

test('tries again until it succeeds', async () => {
  let calls = 0;
  const result = await retry(
    async () => {
      calls += 1;
      if (calls < 3) throw new Error('not yet');
      return calls;
    },
    { attempts: 3, firstDelayMs: 1 },
  );
  expect(result).toBe(3);
});

test('gives up after the last attempt, and at once on a final error', async () => {
  let calls = 0;
  const failing = async () => {
    calls += 1;
    throw new Error(`failure ${calls}`);
  };
  expect(await failureOf(retry(failing, { attempts: 2, firstDelayMs: 1 }))).toMatchObject({
    message: 'failure 2',
  });
  await Bun.sleep(5);
  expect(
    await failureOf(retry(failing, { attempts: 9, firstDelayMs: 1, isFinal: () => true })),
  ).toMatchObject({ message: 'failure 3' });
});
