import { expect, test } from 'bun:test';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeOnEachDatabase } from '../test/support/databases.ts';
import { failureOf } from '../test/support/failure.ts';
import { findSeeds, runSeed } from './seeds.ts';

describeOnEachDatabase('seeds', (open) => {
  async function withSeeds(files: Readonly<Record<string, string>>, use: (project: string) => Promise<void>) {
    const project = await mkdtemp(join(tmpdir(), 'kaa-seeds-'));
    try {
      await mkdir(join(project, 'database/seeds'), { recursive: true });
      for (const [name, text] of Object.entries(files))
        await Bun.write(join(project, 'database/seeds', name), text);
      await use(project);
    } finally {
      await rm(project, { recursive: true });
    }
  }
  const insert = (clientId: string) =>
    `insert into streaming_sessions (id, client_id, stream_key_hash) values (gen_random_uuid(), '${clientId}', '');`;

  test('run in the order of their names, and only .sql', async () => {
    const database = await open();
    const files = {
      '010_last.sql': `update streaming_sessions set client_id = 'changed' where client_id = 'one';`,
      '001_first.sql': `-- a comment\n${insert('one')}\n${insert('two')} -- and one without a line break`,
      'notes.txt': 'no SQL',
    };
    await withSeeds(files, async (project) => {
      const seeds = await findSeeds(project);
      expect(seeds.map(({ name }) => name)).toEqual(['001_first.sql', '010_last.sql']);
      for (const seed of seeds) await runSeed(database, seed);
    });
    const { rows } = await database.executeSql('select client_id from streaming_sessions order by 1');
    expect(rows).toEqual([{ client_id: 'changed' }, { client_id: 'two' }]);
  });

  test('one that fails leaves nothing of itself, and the database usable', async () => {
    const database = await open();
    await withSeeds({ '1.sql': `${insert('one')} insert into nowhere values (1);` }, async (project) => {
      const [seed] = await findSeeds(project);
      if (!seed) throw new Error('no seed');
      expect(String(await failureOf(runSeed(database, seed)))).toContain('nowhere');
    });
    const { rows } = await database.executeSql('select count(*)::int as n from streaming_sessions');
    expect(rows).toEqual([{ n: 0 }]);
  });

  test('those of the project run, and run again', async () => {
    const database = await open();
    for (let round = 0; round < 2; round += 1) {
      for (const seed of await findSeeds(join(import.meta.dir, '..'))) await runSeed(database, seed);
    }
    const { rows } = await database.executeSql('select count(*)::int as n from streaming_sessions');
    expect(rows).toEqual([{ n: 1 }]);
  });
});
