import { expect, test } from 'bun:test';
import { takeTurns } from './speakers.ts';

const speaking = (...said: [number, string | null][]) => said.map(([atMs, userId]) => ({ atMs, userId }));

test('the stage changes to whoever goes on speaking, and not for a cough', () => {
  const turns = takeTurns(
    speaking([1_000, 'ann'], [5_000, 'bob'], [5_800, 'ann'], [9_000, 'bob'], [11_000, null], [14_000, 'bob']),
    20_000,
  );
  expect(turns).toEqual([
    { userId: 'ann', fromMs: 1_000, toMs: 10_500 },
    { userId: 'bob', fromMs: 10_500, toMs: 20_000 },
  ]);
});

test('nobody has it while nobody has spoken, and who begins a moment before the end does not get it', () => {
  expect(takeTurns(speaking([100, null]), 10_000)).toEqual([]);
  expect(takeTurns(speaking([0, 'ann'], [9_000, 'bob']), 10_000)).toEqual([
    { userId: 'ann', fromMs: 0, toMs: 10_000 },
  ]);
});
