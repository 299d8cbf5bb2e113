/** The files of `database/seeds`: found in the order of their names, each run as a whole or not at all. */
import { join } from 'node:path';
import { Glob } from 'bun';
import type { Database } from '../src/db/index.ts';

export interface Seed {
  readonly name: string;
  readonly path: string;
}

export async function findSeeds(project: string): Promise<Seed[]> {
  const folder = join(project, 'database/seeds');
  const names = await Array.fromAsync(new Glob('*.sql').scan({ cwd: folder })).catch(() => []);
  return names.sort().map((name) => ({ name, path: join(folder, name) }));
}

/** A file is one transaction. Rejects with the driver's error, and then nothing of it is kept. */
export async function runSeed(database: Database, { path }: Seed): Promise<void> {
  await database.executeSql(`BEGIN;\n${await Bun.file(path).text()}\n;COMMIT;`);
}
