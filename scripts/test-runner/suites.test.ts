import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findTestFiles, selectTests } from './suites.ts';

describe('what is asked for', () => {
  test('is everything when nothing is said', () => {
    expect(selectTests([]).suites.map(({ name }) => name)).toEqual(['unit', 'integration', 'e2e']);
  });

  test('is a suite, parts of file names, and flags for bun test', () => {
    const selection = selectTests(['unit', 'src/config', '--bail', '-t=port']);
    expect(selection.suites.map(({ name }) => name)).toEqual(['unit']);
    expect(selection.filters).toEqual(['src/config']);
    expect(selection.flags).toEqual(['--bail', '-t=port']);
    expect(selection.isLong).toBe(false);
  });

  test('may be the long tests, which get hours', () => {
    const { suites, flags, isLong } = selectTests(['--long', 'integration', '--bail']);
    expect(suites.map(({ name, limitMs }) => ({ name, hours: limitMs / 3_600_000 }))).toEqual([
      { name: 'integration', hours: 6 },
    ]);
    expect({ flags, isLong }).toEqual({ flags: ['--bail'], isLong: true });
  });
});

describe('test files', () => {
  let project: string;
  beforeAll(async () => {
    project = await mkdtemp(join(tmpdir(), 'kaa-suites-'));
    await mkdir(join(project, 'src/b'), { recursive: true });
    for (const file of ['b/x.test.ts', 'b/x.long.test.ts', 'a.test.tsx', 'a.ts'])
      await writeFile(join(project, 'src', file), '');
  });
  afterAll(() => rm(project, { recursive: true }));
  const suite = { name: 'unit', folders: ['src', 'missing'], limitMs: 1 };

  test('are found in the folders that exist', () => {
    expect(findTestFiles(project, suite, { filters: [], isLong: false })).toEqual([
      'src/a.test.tsx',
      'src/b/x.long.test.ts',
      'src/b/x.test.ts',
    ]);
  });

  test('are those that hold any of the filters', () => {
    const filters = ['b/x.test', 'nothing'];
    expect(findTestFiles(project, suite, { filters, isLong: false })).toEqual(['src/b/x.test.ts']);
  });

  test('are the long ones alone when those are meant', () => {
    expect(findTestFiles(project, suite, { filters: [], isLong: true })).toEqual(['src/b/x.long.test.ts']);
  });
});
