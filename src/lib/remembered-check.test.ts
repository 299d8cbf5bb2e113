import { expect, test } from 'bun:test';
import { failureOf } from '../../test/support/failure.ts';
import { rememberedCheck } from './remembered-check.ts';

const PATIENT = { goodForMs: 60_000, patienceMs: 5_000, silence: 'no answer yet' };

test('however many ask, it is done once while the answer is good', async () => {
  let count = 0;
  const check = rememberedCheck(async () => {
    count += 1;
  }, PATIENT);
  await Promise.all([check(), check(), check()]);
  await check();
  expect(count).toBe(1);
});

test('an old answer is given once more while a new one is on its way', async () => {
  const outcomes = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  let count = 0;
  const check = rememberedCheck(async () => outcomes[count++]!.promise, { ...PATIENT, goodForMs: 0 });
  const first = check();
  outcomes[0]!.reject(new Error('it is full'));
  expect(await failureOf(first)).toMatchObject({ message: 'it is full' });
  expect(await failureOf(check())).toMatchObject({ message: 'it is full' });
  expect(await failureOf(check())).toMatchObject({ message: 'it is full' });
  expect(count).toBe(2);
  outcomes.push(Promise.withResolvers<void>());
  outcomes[1]!.resolve();
  await new Promise(setImmediate);
  await check();
  expect(count).toBe(3);
});

test('who waits for the first answer does not wait for ever', async () => {
  const check = rememberedCheck(() => new Promise(() => {}), { ...PATIENT, patienceMs: 10 });
  expect(await failureOf(check())).toMatchObject({ message: 'no answer yet' });
});
