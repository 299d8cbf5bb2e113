/**
 * A process that opens the embedded database in the folder given, and prints a line for each row that the database has
 * acknowledged. After `--rows` of them it closes the database and must end by itself; without, it goes on until it is
 * killed.
 */
import { parseArgs } from 'node:util';
import { openDatabase, videoCalls } from '../../src/db/index.ts';

const { values, positionals } = parseArgs({
  options: { rows: { type: 'string', default: 'Infinity' } },
  allowPositionals: true,
});
const dataDir = positionals[0];
if (dataDir === undefined) throw new Error('which folder?');

try {
  const database = await openDatabase({ kind: 'pglite', dataDir });
  await database.migrate();
  for (let number = 1; number <= Number(values.rows); number += 1) {
    await database.orm.insert(videoCalls).values({ roomId: `room-${number}`, access: 'open' });
    process.stdout.write(`inserted ${number}\n`);
  }
  await database.close();
} catch (error) {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
  process.stdout.write(`failed ${code}: ${error instanceof Error ? error.message : String(error)}\n`);
}
