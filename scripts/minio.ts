/**
 * `bun run minio`: builds a MinIO from its Go sources into the cache of this user, once, for the tests that want a real one. Needs
 * Go and its module proxy, and about four minutes. Prints where it is.
 */
import { mkdir, mkdtemp, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { findCacheRoot } from './mediasoup-worker/cache.ts';
import { runCommand } from './setup/run-command.ts';

const VERSION = 'v0.0.0-20260212201848-7aac2a2c5b7c';
const MODULE = 'github.com/minio/minio';

/** Undefined when it was not built yet. */
export async function findMinio(): Promise<string | undefined> {
  const path = pathOfMinio();
  const isThere = await stat(path).then(
    (stats) => stats.isFile(),
    () => false,
  );
  return isThere ? path : undefined;
}

/** Rejects with what keeps it from being built. */
export async function ensureMinio(): Promise<string> {
  const found = await findMinio();
  if (found) return found;
  const go = Bun.which('go');
  if (!go) throw new Error('MinIO cannot be built: there is no Go (https://go.dev).');
  const target = pathOfMinio();
  await mkdir(dirname(target), { recursive: true });
  const folder = await mkdtemp(`${target}-`);
  try {
    const result = await runCommand('env', [
      `GOBIN=${folder}`,
      'CGO_ENABLED=0',
      go,
      'install',
      `${MODULE}@${VERSION}`,
    ]);
    if (!result.isSuccess) throw new Error(`MinIO cannot be built: ${result.tail}`);
    await rename(join(folder, 'minio'), target);
    return target;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function pathOfMinio(): string {
  return join(findCacheRoot(process.env), 'minio', VERSION, 'minio');
}

if (import.meta.main) {
  try {
    console.log(await ensureMinio());
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
