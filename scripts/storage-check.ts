/** `bun run storage:check`: writes, reads and deletes with the configured storage of recordings, and says in words what is wrong. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigError, loadConfig } from '../src/config/index.ts';
import { AppError } from '../src/lib/index.ts';
import { createStorage, FileLedger } from '../src/storage/index.ts';

const folder = await mkdtemp(join(tmpdir(), 'kaa-storage-check-'));
try {
  const { storage: config } = loadConfig();
  const storage = await createStorage(config, await FileLedger.create(folder));
  await storage.check();
  await storage.close();
  console.log(
    `The storage of recordings (${config.provider}) can be written, listed, read and deleted from.`,
  );
} catch (error) {
  const isForOperators = error instanceof ConfigError || error instanceof AppError;
  console.error(isForOperators ? error.message : error);
  process.exitCode = 1;
} finally {
  await rm(folder, { recursive: true, force: true });
}
