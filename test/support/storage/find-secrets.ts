/** Looks for credentials where they must never be: in the rows of a database and in the files beside it. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadConfig } from '../../../src/config/index.ts';
import { openDatabase } from '../../../src/db/index.ts';

/** Every row of every table, as text. To be called when the server is closed. */
export async function readRows(dataDir: string): Promise<string[]> {
  const database = await openDatabase({
    ...loadConfig({ cwd: dataDir, env: { DATA_DIR: dataDir } }).database,
    onNotice: () => {},
  });
  try {
    const { rows } = await database.executeSql(
      `select quote_ident(table_schema) || '.' || quote_ident(table_name) as name from information_schema.tables
       where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')`,
    );
    const found: string[] = [];
    for (const { name } of rows) {
      const content = await database.executeSql(`select t::text as row from ${String(name)} t`);
      found.push(...content.rows.map(({ row }) => String(row)));
    }
    return found;
  } finally {
    await database.close();
  }
}

/** Those of the files in the data folder that hold one of the texts: what is written beside the database, and its own too. */
export async function filesHolding(dataDir: string, texts: readonly string[]): Promise<string[]> {
  const entries = await readdir(dataDir, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const holding: string[] = [];
  for (const path of paths) {
    const bytes = await readFile(path);
    if (texts.some((text) => bytes.includes(text))) holding.push(path);
  }
  return holding;
}
