/** `bun run seed`: brings the schema up to date, then runs `database/seeds/*.sql` in the order of their names. */
import { PROJECT, prepareNpmPackages, runScript, SetupError } from './setup/index.ts';

await runScript(async () => {
  await prepareNpmPackages();
  const { loadConfig } = await import('../src/config/index.ts');
  const { openDatabase } = await import('../src/db/index.ts');
  const { findSeeds, runSeed } = await import('./seeds.ts');
  const seeds = await findSeeds(PROJECT);
  const database = await openDatabase(loadConfig().database);
  try {
    await database.migrate();
    for (const seed of seeds) {
      await runSeed(database, seed).catch((error: unknown) => {
        throw new SetupError(`${seed.name} failed, and nothing of it was kept: ${String(error)}`);
      });
      console.log(`✓ ${seed.name}`);
    }
    console.log(
      seeds.length === 0 ? 'There is nothing in database/seeds.' : `The ${database.kind} database is seeded.`,
    );
  } finally {
    await database.close();
  }
});
