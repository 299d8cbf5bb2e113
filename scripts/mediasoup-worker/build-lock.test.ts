import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspectLock, withBuildLock } from './build-lock.ts';
import { identifyProcess } from './process-identity.ts';

let directory: string;
let path: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'kaa-lock-'));
  path = join(directory, 'worker.lock');
});

afterEach(async () => await rm(directory, { recursive: true, force: true }));

function refuseToWait(): never {
  throw new Error('The lock should have been free.');
}

async function writeLock(holder: { pid: number; startTicks: string | null }, host = hostname()) {
  await writeFile(path, JSON.stringify({ holder, host, token: 'of somebody else' }));
}

async function makeOld(ageMs: number) {
  const then = new Date(Date.now() - ageMs);
  await utimes(path, then, then);
}

describe('the build lock', () => {
  test('is held during the action, also when that fails, and leaves nothing', async () => {
    const options = { path, pollMs: 1, onWait: refuseToWait };
    const state = await withBuildLock(options, async () => await inspectLock(path));
    expect(state).toEqual({ status: 'held', pid: process.pid });
    const failing = withBuildLock(options, async () => {
      throw new Error('did not work');
    });
    await expect(failing).rejects.toThrow('did not work');
    await failing.catch(() => undefined);
    expect(await readdir(directory)).toEqual([]);
  });

  test('makes the second wait for the first', async () => {
    const order: string[] = [];
    const firstMayEnd = Promise.withResolvers<void>();
    const firstBegan = Promise.withResolvers<void>();
    const first = withBuildLock({ path, pollMs: 1, onWait: refuseToWait }, async () => {
      firstBegan.resolve();
      await firstMayEnd.promise;
      order.push('first');
    });
    await firstBegan.promise;

    const onWait = (pid: number | null) => {
      order.push(`waits for ${pid}`);
      firstMayEnd.resolve();
    };
    await withBuildLock({ path, pollMs: 1, onWait }, async () => {
      order.push('second');
    });
    await first;

    expect(order).toEqual([`waits for ${process.pid}`, 'first', 'second']);
  });

  test('is taken over from a process that is gone', async () => {
    await writeLock({ pid: spawnSync('true').pid, startTicks: '1' });
    expect(await inspectLock(path)).toEqual({ status: 'stale' });
    expect(await withBuildLock({ path, pollMs: 1, onWait: refuseToWait }, async () => 'done')).toBe('done');
    expect(await readdir(directory)).toEqual([]);
  });

  test('is taken over when its process id belongs to a later process', async () => {
    await writeLock({ pid: process.pid, startTicks: '1' });
    expect(await inspectLock(path)).toEqual({ status: 'stale' });
    await writeLock(identifyProcess(process.pid));
    expect(await inspectLock(path)).toEqual({ status: 'held', pid: process.pid });
  });

  test('of another host is respected until it is old', async () => {
    await writeLock({ pid: 4_000_000, startTicks: '1' }, 'another-container');
    expect(await inspectLock(path)).toEqual({ status: 'held', pid: 4_000_000 });
    await makeOld(31 * 60_000);
    expect(await inspectLock(path)).toEqual({ status: 'stale' });
  });

  test('without content is respected while it may still be written', async () => {
    await writeFile(path, '');
    expect(await inspectLock(path)).toEqual({ status: 'held', pid: null });
    await makeOld(11_000);
    expect(await inspectLock(path)).toEqual({ status: 'stale' });
  });

  test('is not removed by one that lost it', async () => {
    await withBuildLock({ path, pollMs: 1, onWait: refuseToWait }, async () => {
      await writeLock(identifyProcess(process.pid));
    });
    expect(await inspectLock(path)).toEqual({ status: 'held', pid: process.pid });
  });
});
