/** The journal of a stream, when what is on the disk is not as it was left. */
import { afterAll, beforeAll, expect, test } from 'bun:test';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { failureOf } from '../../../test/support/failure.ts';
import { Journal } from './journal.ts';

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'kaa-journal-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

test('one that cannot be read costs no segment', async () => {
  const folder = join(root, 'unreadable');
  await mkdir(join(folder, 'journal.jsonl'), { recursive: true });
  await writeFile(join(folder, '1.seg'), 'a segment');
  expect(await failureOf(Journal.open(folder))).toMatchObject({ code: 'EISDIR' });
  expect(await readdir(folder)).toContain('1.seg');
});

test('what a kill left half done, and none of its lines names, goes', async () => {
  const folder = join(root, 'killed');
  await mkdir(folder);
  for (const name of ['1.seg', '2.seg.part', 'map-0a']) await writeFile(join(folder, name), 'half');
  const journal = await Journal.open(folder);
  expect(await readdir(folder)).toEqual([]);
  expect(journal.nextFile()).toBe('3.seg');
  await journal.close();
});
