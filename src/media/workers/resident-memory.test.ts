import { expect, test } from 'bun:test';
import { residentMemory } from './resident-memory.ts';

test('the resident memory of a process is what the process itself sees', async () => {
  const own = process.memoryUsage().rss;
  expect(await residentMemory(process.pid)).toBeWithin(own * 0.5, own * 2);
});

test('of a process that is not there nothing is known', async () => {
  expect(await residentMemory(2 ** 30)).toBeNull();
});
