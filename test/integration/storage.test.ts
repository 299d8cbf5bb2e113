/** The local storage: as every provider, and what a disk has of its own. */
import { afterEach, expect, test } from 'bun:test';
import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LocalStorage } from '../../src/storage/local.ts';
import { failureOf } from '../support/failure.ts';
import { SmallDisk } from '../support/small-disk.ts';
import { describeStorage } from '../support/storage/contract.ts';

const folders: string[] = [];

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'kaa-local-storage-'));
  folders.push(folder);
  return folder;
}

afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

describeStorage('local', async () => {
  const root = await mkdtemp(join(tmpdir(), 'kaa-local-storage-'));
  return { open: () => LocalStorage.create(root), close: () => rm(root, { recursive: true }) };
});

test('a symbolic link leads nowhere outside', async () => {
  const [root, outside] = [await newFolder(), await newFolder()];
  await writeFile(join(outside, 'secret'), 'secret');
  const storage = await LocalStorage.create(root);
  await symlink(outside, join(root, 'calls'));
  await symlink(join(outside, 'secret'), join(root, 'link'));
  for (const attempt of [
    storage.get('calls/secret'),
    storage.get('link'),
    storage.put('calls/new', join(outside, 'secret'), { type: 'text/plain' }),
  ]) {
    expect(await failureOf(attempt)).toMatchObject({ code: 'validation_error' });
  }
  expect(await readdir(outside)).toEqual(['secret']);
});

test('what a killed process left half written is gone with the next start', async () => {
  const root = await newFolder();
  await mkdir(join(root, '.parts'), { recursive: true });
  await writeFile(join(root, '.parts/half'), 'half');
  const storage = await LocalStorage.create(root);
  expect((await storage.list('')).objects).toEqual([]);
  expect(await readdir(root)).toEqual([]);
});

const obstacle = SmallDisk.findObstacle();
test.skipIf(obstacle !== undefined)(
  `a full disk is told in words, and leaves nothing${obstacle ? `: ${obstacle}` : ''}`,
  async () => {
    const disk = await SmallDisk.create(4);
    try {
      const source = join(await newFolder(), 'source');
      await writeFile(source, Buffer.alloc(8 * 1024 ** 2));
      const storage = await LocalStorage.create(disk.path);
      const failure = await failureOf(storage.put('calls/a', source, { type: 'video/mp4' }));
      expect(failure).toMatchObject({ code: 'unavailable', fault: 'destination' });
      expect(String(failure)).toContain('the disk is full');
      expect(await readdir(join(disk.path, '.parts'))).toEqual([]);
    } finally {
      await disk.close();
    }
  },
);
