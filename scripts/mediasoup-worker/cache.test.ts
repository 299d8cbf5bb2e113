import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findCacheRoot, inspectCacheEntry, publishWorker } from './cache.ts';

let directory: string;
let entryDir: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'kaa-cache-'));
  entryDir = join(directory, 'entry');
});

afterEach(async () => await rm(directory, { recursive: true, force: true }));

async function publish(content: string): Promise<string> {
  const stagingDir = join(directory, `staging-${content}`);
  await mkdir(stagingDir);
  await writeFile(join(stagingDir, 'program'), content);
  return await publishWorker({ binary: join(stagingDir, 'program'), origin: 'built', entryDir, stagingDir });
}

const inspect = () => inspectCacheEntry(entryDir, '1.0.0', async () => ({ isWorking: true }));

describe('the cache of workers', () => {
  test('has nothing at first', async () => {
    expect(await inspect()).toEqual({ status: 'absent' });
  });

  test('has what was published last', async () => {
    await publish('first');
    const binary = await publish('second');
    expect(await inspect()).toEqual({ status: 'valid', binary });
    expect(await readFile(binary, 'utf8')).toBe('second');
  });

  test('has one whole worker when many publish at once', async () => {
    const contents = Array.from({ length: 10 }, (_, index) => `worker-${index}`);
    const [binary = ''] = await Promise.all(contents.map(publish));
    expect(await inspect()).toEqual({ status: 'valid', binary });
    expect(contents).toContain(await readFile(binary, 'utf8'));
  });

  test('is in the folder that the environment names', () => {
    expect(findCacheRoot({ KAA_CACHE_DIR: '/a', XDG_CACHE_HOME: '/b', HOME: '/c' })).toBe('/a');
    expect(findCacheRoot({ XDG_CACHE_HOME: '/b', HOME: '/c' })).toBe('/b/kaa');
    expect(findCacheRoot({ XDG_CACHE_HOME: 'relative', HOME: '/c' })).toBe('/c/.cache/kaa');
  });
});
