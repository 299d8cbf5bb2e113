import { expect, test } from 'bun:test';
import { parseCpuMs, readCpuMs, readResidentBytes, readThreadTimes } from './process-stat.ts';

test('a name with blanks and brackets does not shift the fields', () => {
  const stat = '42 (a) b (c) R 1 42 42 0 -1 4194304 100 0 0 0 250 50 7 7 20 0 1 0 1 1 1';
  expect(parseCpuMs(stat)).toBe(3_000);
});

test('work costs this process processor time, and it holds memory', async () => {
  const before = await readCpuMs(process.pid);
  const until = performance.now() + 100;
  let rounds = 0;
  while (performance.now() < until) rounds += 1;
  expect(rounds).toBeGreaterThan(0);
  expect(await readCpuMs(process.pid)).toBeGreaterThan(before);
  expect(await readResidentBytes(process.pid)).toBeGreaterThan(1024 * 1024);
});

test('what a worker does is counted as its own', async () => {
  const before = await readThreadTimes(process.pid);
  // It lives on after its work: of a thread that has ended nothing is counted.
  const code =
    'setInterval(() => {}, 1000); const until = performance.now() + 200; while (performance.now() < until); postMessage(0);';
  const worker = new Worker(URL.createObjectURL(new Blob([code])));
  await new Promise((resolve) => worker.addEventListener('message', resolve));
  const after = await readThreadTimes(process.pid);
  worker.terminate();
  expect(after.workers - before.workers).toBeGreaterThan(50);
  expect(after.main - before.main).toBeLessThan(after.workers - before.workers);
});
