import { expect, test } from 'bun:test';
import { interleave, type Side } from './interleave.ts';

test('the sides take turns in who goes first, and each round pairs its own two results', async () => {
  const order: Side[] = [];
  const rounds = await interleave(3, async (side) => order.push(side));
  expect(order).toEqual(['kaa', 'bare', 'bare', 'kaa', 'kaa', 'bare']);
  expect(rounds).toEqual([
    { kaa: 1, bare: 2 },
    { bare: 3, kaa: 4 },
    { kaa: 5, bare: 6 },
  ]);
});
