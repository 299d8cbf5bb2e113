import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeTarget, hashRecipe, parseSystemId } from './target.ts';

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'kaa-target-'));
});

afterEach(async () => await rm(directory, { recursive: true, force: true }));

describe('what a worker is made for', () => {
  test('says version, platform, architecture and system in its key', async () => {
    await writeFile(
      join(directory, 'package.json'),
      '{"version":"3.27.1","repository":{"type":"git","url":"git+https://forge.example/a/b.git"}}',
    );
    const target = await describeTarget(directory);
    expect(target.repositoryUrl).toBe('https://forge.example/a/b');
    expect(target.cacheKey).toMatch(
      new RegExp(`^3\\.27\\.1-${process.platform}-${process.arch}-[\\w.-]+-[0-9a-f]{12}$`),
    );
  });

  test('needs the package to be installed', async () => {
    await expect(describeTarget(join(directory, 'nowhere'))).rejects.toThrow('bun install');
  });

  test('includes the distribution and its release', () => {
    expect(parseSystemId('NAME="Debian GNU/Linux"\nVERSION_ID="12"\nID=debian\n')).toBe('debian12');
    expect(parseSystemId('ID=arch\nBUILD_ID=rolling\n')).toBe('arch');
    expect(parseSystemId('')).toBe('unknown');
  });

  test('changes with the recipe, and with nothing else in the folder', async () => {
    const original = await hashRecipe(import.meta.dirname);
    await cp(import.meta.dirname, directory, { recursive: true });
    expect(await hashRecipe(directory)).toBe(original);
    await writeFile(join(directory, 'target.test.ts'), 'changed');
    expect(await hashRecipe(directory)).toBe(original);
    await writeFile(join(directory, 'compat', 'srtp.h'), 'changed');
    expect(await hashRecipe(directory)).not.toBe(original);
  });
});
