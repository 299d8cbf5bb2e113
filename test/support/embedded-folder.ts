/** Folders with an embedded database that is made already, because making one takes seconds. */
import { mkdir, mkdtemp, rename, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import packageJson from '../../package.json' with { type: 'json' };
import { openDatabase } from '../../src/db/index.ts';

const CACHE = join(import.meta.dir, '../../node_modules/.cache/kaa-test');

export interface EmbeddedFolder extends AsyncDisposable {
  /** For `openDatabase`; its database is empty and not migrated. */
  dataDir: string;
  remove(): Promise<void>;
}

export async function createEmbeddedFolder(): Promise<EmbeddedFolder> {
  const template = await ensureTemplate();
  const dataDir = await mkdtemp(join(tmpdir(), 'kaa-pglite-'));
  // Ten times as fast as `fs.cp` with a thousand files.
  const copy = Bun.spawn(['cp', '-R', `${template}/.`, dataDir]);
  if ((await copy.exited) !== 0) throw new Error(`cannot copy ${template}`);
  const remove = () => rm(dataDir, { recursive: true, force: true });
  return { dataDir, remove, [Symbol.asyncDispose]: remove };
}

/** Made once a version of PGlite; it gets its name when it is whole, so test processes beside each other are safe. */
async function ensureTemplate(): Promise<string> {
  const template = join(CACHE, `pglite-${packageJson.dependencies['@electric-sql/pglite']}`);
  if (await exists(template)) return template;
  await mkdir(CACHE, { recursive: true });
  const unfinished = await mkdtemp(join(CACHE, 'unfinished-'));
  const database = await openDatabase({ kind: 'pglite', dataDir: unfinished });
  await database.close();
  await rename(unfinished, template).catch(async (error: unknown) => {
    await rm(unfinished, { recursive: true, force: true });
    if (!(await exists(template))) throw error;
  });
  return template;
}

async function exists(path: string): Promise<boolean> {
  return await stat(path).then(
    () => true,
    () => false,
  );
}
