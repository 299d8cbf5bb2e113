/** Brings `node_modules` in line with `bun.lock`, by the Bun that runs this; a stamp remembers that it is. */
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from './run-command.ts';
import { SetupError } from './steps.ts';

const STAMP = 'node_modules/.kaa-lock-hash';

/** Returns whether there was something to do. */
export async function installNpmPackages(project: string): Promise<boolean> {
  const wanted = await hashLock(project);
  const stamp = join(project, STAMP);
  if ((await readFile(stamp, 'utf8').catch(() => '')) === wanted) return false;
  const install = await runCommand(process.execPath, ['install', '--frozen-lockfile'], project);
  if (!install.isSuccess) {
    throw new SetupError(
      `The npm packages could not be installed:\n${install.tail}\n\n` +
        'Kaa needs the npm registry once. Check the network (behind a proxy: HTTPS_PROXY; another registry: .npmrc) and start again.',
    );
  }
  await writeFile(stamp, wanted);
  return true;
}

async function hashLock(project: string): Promise<string> {
  const hash = createHash('sha256');
  for (const file of ['bun.lock', 'package.json']) hash.update(await readFile(join(project, file)));
  return hash.digest('hex');
}
