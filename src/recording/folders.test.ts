import { afterAll, expect, test } from 'bun:test';
import { mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newId } from '../lib/index.ts';
import { RecordingFolders } from './folders.ts';

const root = await mkdtemp(join(tmpdir(), 'kaa-folders-'));

afterAll(() => rm(root, { recursive: true }));

test('many that are deleted side by side, each twice, are all gone', async () => {
  const folders = new RecordingFolders(root);
  const deleteSome = async () => {
    for (let n = 0; n < 30; n += 1) {
      const id = newId();
      const folder = await folders.create(id);
      await Promise.all(['a.mkv', 'b.mkv'].map((name) => writeFile(join(folder, name), 'x')));
      await Promise.all([folders.remove(id), folders.remove(id)]);
    }
  };
  await Promise.all(Array.from({ length: 8 }, deleteSome));
  expect(await folders.list()).toEqual([]);
  expect(await readdir(join(root, '.trash'))).toEqual([]);
});

test('what a link points to is not deleted with it', async () => {
  const folders = new RecordingFolders(root);
  const elsewhere = await mkdtemp(join(tmpdir(), 'kaa-elsewhere-'));
  await writeFile(join(elsewhere, 'precious'), 'x');
  const id = newId();
  await symlink(elsewhere, folders.of(id));
  await folders.remove(id);
  expect(await folders.list()).toEqual([]);
  expect(await readdir(elsewhere)).toEqual(['precious']);
  await rm(elsewhere, { recursive: true });
});

test('what cannot be moved to the trash is deleted where it is', async () => {
  const folders = new RecordingFolders(await mkdtemp(join(tmpdir(), 'kaa-folders-no-trash-')));
  await writeFile(join(folders.root, '.trash'), 'no folder can be here');
  const id = newId();
  await writeFile(join(await folders.create(id), 'a.mkv'), 'x');
  await folders.remove(id);
  await folders.remove(id);
  expect(await folders.list()).toEqual([]);
  await rm(folders.root, { recursive: true });
});
