/** A folder to store in. */
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StorageWorld } from './world.ts';

export async function openLocalWorld(): Promise<StorageWorld> {
  const outputDir = await mkdtemp(join(tmpdir(), 'kaa-storage-root-'));
  return {
    config: { provider: 'local', outputDir },
    ledgerFolder: join(outputDir, '.ledger'),
    resumes: false,
    strays: () => readdir(join(outputDir, '.parts')).catch(() => []),
    close: () => rm(outputDir, { recursive: true, force: true }),
  };
}
