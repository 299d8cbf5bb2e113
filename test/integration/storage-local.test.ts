/** Files of recordings in a folder: the contract of storage, links that lead out, and a disk that is full. */
import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { mkdir, mkdtemp, readdir, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StorageProvider } from '../../src/storage/index.ts';
import { failureOf } from '../support/failure.ts';
import { SmallDisk } from '../support/small-disk.ts';
import { describeContract } from '../support/storage/contract/index.ts';
import { openLocalWorld } from '../support/storage/local-world.ts';
import { openStorage } from '../support/storage/world.ts';

describeContract('local', openLocalWorld);

let folder: string;
let root: string;
let storage: StorageProvider;

beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'kaa-storage-local-')));
  root = join(folder, 'root');
  storage = await open(root);
});
afterEach(async () => {
  await storage.close();
  await rm(folder, { recursive: true, force: true });
});

function open(outputDir: string): Promise<StorageProvider> {
  return openStorage({ config: { provider: 'local', outputDir }, ledgerFolder: join(folder, 'ledger') });
}

async function write(name: string, text = name): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
}

describe('links inside of the folder', () => {
  test('a folder that is a link to outside is neither read, listed, written nor emptied', async () => {
    const outside = join(folder, 'outside');
    await mkdir(outside);
    await writeFile(join(outside, 'secret'), 'secret');
    await symlink(outside, join(root, 'calls'));
    const path = await write('new');
    const attempts = [
      storage.put('calls/new', path, { type: 'text/plain' }),
      storage.put('calls/deep/er/new', path, { type: 'text/plain' }),
      storage.head('calls/secret'),
      storage.get('calls/secret'),
      storage.list('calls/'),
      storage.delete('calls/secret'),
      storage.deleteAll('calls/'),
    ];
    for (const failure of await Promise.all(attempts.map(failureOf))) {
      expect(failure).toMatchObject({ code: 'validation_error' });
    }
    expect((await storage.list('')).objects).toEqual([]);
    expect(await readdir(outside)).toEqual(['secret']);
    expect(await readdir(root)).toEqual(['calls']);
  });

  test('a file that is a link to outside is not read, and is replaced or deleted itself', async () => {
    const secret = await write('secret');
    await mkdir(join(root, 'calls'));
    for (const name of ['replaced', 'deleted']) await symlink(secret, join(root, 'calls', name));
    expect(await failureOf(storage.get('calls/replaced'))).toMatchObject({ code: 'validation_error' });
    expect(await failureOf(storage.head('calls/replaced'))).toMatchObject({ code: 'validation_error' });
    await storage.put('calls/replaced', await write('new'), { type: 'text/plain' });
    await storage.delete('calls/deleted');
    expect(await readFile(join(root, 'calls/replaced'), 'utf8')).toBe('new');
    expect(await readdir(join(root, 'calls'))).toEqual(['replaced']);
    expect(await readFile(secret, 'utf8')).toBe('secret');
  });
});

describe('folders', () => {
  test('deletion takes empty folders with it, up to the root', async () => {
    const path = await write('file');
    await storage.put('a/b/c/one', path, { type: 'text/plain' });
    await storage.put('a/two', path, { type: 'text/plain' });
    await storage.delete('a/b/c/one');
    expect(await readdir(join(root, 'a'))).toEqual(['two']);
    await storage.delete('a/two');
    expect(await readdir(root)).toEqual(['.parts']);
  });

  test('puts and deletions at the same time do not take the folder from under each other', async () => {
    const path = await write('file');
    for (let round = 0; round < 100; round += 1) {
      await Promise.all([
        storage.put('a/b/one', path, { type: 'text/plain' }),
        storage.put('a/b/two', path, { type: 'text/plain' }).then(() => storage.delete('a/b/two')),
        storage.delete('a/b/three'),
      ]);
      expect(await storage.head('a/b/one')).toBeDefined();
      await storage.delete('a/b/one');
    }
  });

  test('a start removes the parts of dead processes, and not those of others that live', async () => {
    const parts = join(root, '.parts');
    await mkdir(parts, { recursive: true });
    const other = Bun.spawn(['sleep', '60']);
    const dead = Bun.spawn(['true']);
    await dead.exited;
    for (const name of [`${dead.pid}-x`, `${process.pid}-x`, `${other.pid}-x`, 'x'])
      await writeFile(join(parts, name), '');
    await open(root);
    expect(await readdir(parts)).toEqual([`${other.pid}-x`]);
    other.kill();
    await other.exited;
  });

  test('a folder that goes away is told in words, and is not made again', async () => {
    const path = await write('file');
    await storage.put('calls/one', path, { type: 'text/plain' });
    await rm(root, { recursive: true });
    const attempts = [
      storage.put('calls/two', path, { type: 'text/plain' }),
      storage.head('calls/one'),
      storage.get('calls/one'),
      storage.list('calls/'),
      storage.delete('calls/one'),
      storage.deleteAll('calls/'),
    ];
    for (const failure of await Promise.all(attempts.map(failureOf))) {
      expect(failure).toMatchObject({ code: 'unavailable', fault: 'destination' });
      expect(String(failure)).toContain(root);
    }
    expect(await readdir(folder)).not.toContain('root');
  });

  test('a folder that cannot be used is told in words', async () => {
    const outputDir = join(await write('file'), 'root');
    expect(await failureOf(open(outputDir))).toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining(outputDir),
    });
  });
});

const obstacle = SmallDisk.findObstacle();
describe.skipIf(obstacle !== undefined)(`a full disk${obstacle ? ` (${obstacle})` : ''}`, () => {
  test('is told with its place, leaves nothing of the file, and is over when there is space', async () => {
    const disk = await SmallDisk.create(4);
    try {
      const outputDir = join(disk.path, 'recordings');
      const small = await open(outputDir);
      const path = join(folder, 'large');
      await writeFile(path, Buffer.alloc(2 * 1_024 * 1_024, 1));
      await disk.fill(1_024 * 1_024);
      const failure = await failureOf(small.put('calls/x/large', path, { type: 'video/mp4' }));
      expect(failure).toMatchObject({ code: 'unavailable', fault: 'destination' });
      expect(String(failure)).toContain('the disk is full');
      expect(String(failure)).toContain(outputDir);
      expect(await readdir(outputDir, { recursive: true })).toEqual(['.parts']);
      await disk.empty();
      expect((await small.put('calls/x/large', path, { type: 'video/mp4' })).size).toBe(2 * 1_024 * 1_024);
      await small.close();
    } finally {
      await disk.close();
    }
  });
});
