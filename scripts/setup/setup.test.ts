import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { requireBunVersion } from './bun-version.ts';
import { installNpmPackages } from './npm-packages.ts';
import { formatElapsed } from './steps.ts';

describe('the version of Bun', () => {
  test.each(['1.4.0', '1.4.5', '1.10.0', '2.0.0', '1.4.6-canary.1'])('%s will do', (version) => {
    expect(() => requireBunVersion(version)).not.toThrow();
  });

  test.each(['1.3.9', '1.2.21', '0.9.0'])('%s is too old', (version) => {
    expect(() => requireBunVersion(version)).toThrow(`this is ${version}`);
  });
});

describe('npm packages', () => {
  let project: string;
  beforeEach(async () => {
    project = await mkdtemp(join(tmpdir(), 'kaa-npm-'));
    await writeFile(
      join(project, 'package.json'),
      '{ "name": "empty", "dependencies": { "local": "file:./local" } }',
    );
    await Bun.write(join(project, 'local/package.json'), '{ "name": "local", "version": "1.0.0" }');
    await Bun.spawn([process.execPath, 'install', '--lockfile-only'], {
      cwd: project,
      stdio: ['ignore', 'ignore', 'ignore'],
    }).exited;
  });
  afterEach(() => rm(project, { recursive: true }));

  test('are installed once, and again when the lock file changes', async () => {
    expect(await installNpmPackages(project)).toBe(true);
    expect((await stat(join(project, 'node_modules/local'))).isDirectory()).toBe(true);
    expect(await installNpmPackages(project)).toBe(false);
    await writeFile(
      join(project, 'package.json'),
      '{ "name": "empty", "dependencies": { "local": "file:./local" }, "private": true }',
    );
    expect(await installNpmPackages(project)).toBe(true);
  });

  test('that the lock file does not name are refused, with what to do', async () => {
    await writeFile(
      join(project, 'package.json'),
      '{ "name": "empty", "dependencies": { "other": "file:./other" } }',
    );
    expect(installNpmPackages(project)).rejects.toThrow('The npm packages could not be installed');
  });
});

test.each([
  [90, '0.1 s'],
  [9_500, '9.5 s'],
  [42_000, '42 s'],
  [59_900, '1 m 0 s'],
  [161_000, '2 m 41 s'],
])('%d ms are told as %s', (milliseconds, text) => {
  expect(formatElapsed(milliseconds)).toBe(text);
});
