/** `bun run migrate`: brings the schema of the configured database up to date. The server does the same at its start. */
import { prepareNpmPackages, runScript } from './setup/index.ts';

await runScript(async () => {
  await prepareNpmPackages();
  const { loadConfig } = await import('../src/config/index.ts');
  const { openDatabase } = await import('../src/db/index.ts');
  const database = await openDatabase(loadConfig().database);
  try {
    await database.migrate();
    console.log(`The ${database.kind} database is up to date.`);
  } finally {
    await database.close();
  }
});
