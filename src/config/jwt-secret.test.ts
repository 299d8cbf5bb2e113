import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureJwtSecret } from './jwt-secret.ts';

let dataDir: string;
beforeEach(async () => {
  dataDir = join(await mkdtemp(join(tmpdir(), 'kaa-secret-')), 'data');
});
afterEach(() => rm(join(dataDir, '..'), { recursive: true }));

const ensure = () => ensureJwtSecret({ auth: {}, dataDir, environment: 'development' });

describe('the secret of development', () => {
  test('is made once, long, and readable by its owner alone', async () => {
    const secret = await ensure();
    expect(Buffer.byteLength(secret)).toBeGreaterThanOrEqual(32);
    expect(await ensure()).toBe(secret);
    expect((await stat(join(dataDir, 'jwt-secret'))).mode & 0o777).toBe(0o600);
  });

  test('is the same for many starts at once, which leave nothing else behind', async () => {
    const secrets = await Promise.all(Array.from({ length: 20 }, ensure));
    expect(new Set(secrets).size).toBe(1);
    expect(await readdir(dataDir)).toEqual(['jwt-secret']);
  });

  test('is not used when one is configured', async () => {
    expect(await ensureJwtSecret({ auth: { jwtSecret: 'given' }, dataDir, environment: 'development' })).toBe(
      'given',
    );
  });

  test('is never made in production', () => {
    expect(ensureJwtSecret({ auth: {}, dataDir, environment: 'production' })).rejects.toThrow('production');
  });

  test('says which file to delete when it is damaged', async () => {
    await mkdir(dataDir);
    await writeFile(join(dataDir, 'jwt-secret'), '');
    expect(ensure()).rejects.toThrow(`delete ${join(dataDir, 'jwt-secret')}`);
  });
});
