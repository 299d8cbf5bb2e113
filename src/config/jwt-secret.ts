/** The secret of development: made once, kept in the data folder, readable by its owner alone. */
import { randomBytes } from 'node:crypto';
import { chmod, link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from './load.ts';
import { ConfigError, codeOf } from './problems.ts';
import { MINIMUM_SECRET_BYTES } from './settings/auth.ts';

/**
 * The configured secret, or the kept one, or a new one that is kept from now on. Two starts at once get the same.
 * Rejects with a `ConfigError` when the kept one is damaged, or in production, where nothing is made up.
 */
export async function ensureJwtSecret(
  config: Pick<Config, 'auth' | 'dataDir' | 'environment'>,
): Promise<string> {
  if (config.auth.jwtSecret !== undefined) return config.auth.jwtSecret;
  if (config.environment === 'production') throw new Error('production never makes up a secret');
  const path = join(config.dataDir, 'jwt-secret');
  await mkdir(config.dataDir, { recursive: true });
  await createOnce(path);
  await chmod(path, 0o600);
  const secret = (await readFile(path, 'utf8')).trim();
  if (Buffer.byteLength(secret) < MINIMUM_SECRET_BYTES) throw damaged(path);
  return secret;
}

/** A link appears with its whole content or not at all, and only one of two makers succeeds. */
async function createOnce(path: string): Promise<void> {
  const draft = `${path}.${randomBytes(6).toString('hex')}`;
  await writeFile(draft, `${randomBytes(48).toString('base64url')}\n`, { mode: 0o600, flag: 'wx' });
  try {
    await link(draft, path);
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

function damaged(path: string): ConfigError {
  return new ConfigError([
    {
      name: 'JWT_SECRET',
      what: `is not set, and the one kept in ${path} is damaged`,
      expected: `a file with at least ${MINIMUM_SECRET_BYTES} bytes`,
      remedy: `delete ${path}; a new one is made, and tokens signed with the old one end`,
    },
  ]);
}
