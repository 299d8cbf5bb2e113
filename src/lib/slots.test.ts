import { expect, test } from 'bun:test';
import { Slots } from './slots.ts';

test('only so many run at a time, in the order of their coming, and one that fails gives its slot back', async () => {
  const slots = new Slots(2);
  let running = 0;
  let most = 0;
  const started: number[] = [];
  const outcomes = await Promise.allSettled(
    Array.from({ length: 6 }, (_, index) =>
      slots.run(async () => {
        started.push(index);
        running += 1;
        most = Math.max(most, running);
        await Bun.sleep(1);
        running -= 1;
        if (index === 1) throw new Error('no');
        return index;
      }),
    ),
  );
  expect(most).toBe(2);
  expect(started).toEqual([0, 1, 2, 3, 4, 5]);
  expect(outcomes.map(({ status }) => status === 'fulfilled')).toEqual([true, false, true, true, true, true]);
});
