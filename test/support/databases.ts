/** Runs tests on both databases, each test with one that is fresh and migrated. */
import { afterAll, afterEach, beforeAll, describe } from 'bun:test';
import { type Database, openDatabase } from '../../src/db/index.ts';
import { createEmbeddedFolder, type EmbeddedFolder } from './embedded-folder.ts';
import { startPostgres, type TestPostgres } from './postgres.ts';

interface DatabaseSource {
  /** A fresh and migrated database. Whoever calls it before has lost theirs; closed after the test. */
  open(): Promise<Database>;
  stop(): Promise<void>;
}

const START_TIMEOUT_MS = 60_000;

/**
 * Describes the same tests once for PGlite and once for PostgreSQL. `open` gives a fresh, migrated database, at most one
 * at a time, and closes it after the test.
 */
export function describeOnEachDatabase(name: string, define: (open: () => Promise<Database>) => void): void {
  describe.each([
    ['PGlite', createEmbeddedSource],
    ['PostgreSQL', createServerSource],
  ])(`${name}: %s`, (_kind, createSource) => {
    let source: DatabaseSource | undefined;
    let opened: Database | undefined;
    beforeAll(async () => {
      source = await createSource();
    }, START_TIMEOUT_MS);
    afterEach(async () => {
      await opened?.close();
      opened = undefined;
    });
    afterAll(async () => {
      await source?.stop();
    });
    define(async () => {
      if (!source) throw new Error('a database can be opened in a test or a beforeEach only');
      opened = await source.open();
      return opened;
    });
  });
}

/**
 * One embedded database for all tests, emptied between them: starting one takes a second, emptying it milliseconds.
 * Closing what `open` gave leaves it running.
 */
async function createEmbeddedSource(): Promise<DatabaseSource> {
  const folder: EmbeddedFolder = await createEmbeddedFolder();
  const database = await openDatabase({ kind: 'pglite', dataDir: folder.dataDir });
  return {
    open: async () => {
      await database.executeSql(DROP_EVERYTHING);
      await database.migrate();
      return {
        kind: database.kind,
        orm: database.orm,
        ping: () => database.ping(),
        migrate: () => database.migrate(),
        executeSql: (text, values) => database.executeSql(text, values),
        close: async () => {},
      };
    },
    stop: async () => {
      await database.close();
      await folder.remove();
    },
  };
}

/** One server for all tests, a new database each. */
async function createServerSource(): Promise<DatabaseSource> {
  const server: TestPostgres = await startPostgres();
  const template = await openDatabase({ kind: 'postgres', url: withDatabase(server.url, 'template1') });
  await template.migrate();
  await template.close();
  const admin = await openDatabase({ kind: 'postgres', url: server.url });
  let count = 0;
  return {
    open: async () => {
      count += 1;
      await admin.executeSql(`create database test_${count}`);
      return await openDatabase({ kind: 'postgres', url: withDatabase(server.url, `test_${count}`) });
    },
    stop: async () => {
      await admin.close();
      await server.stop();
    },
  };
}

export function withDatabase(url: string, database: string): string {
  const changed = new URL(url);
  changed.pathname = `/${database}`;
  return changed.href;
}

const DROP_EVERYTHING = `
  do $$
  declare name text;
  begin
    for name in select nspname from pg_namespace where nspname not like 'pg\\_%' and nspname <> 'information_schema' loop
      execute format('drop schema %I cascade', name);
    end loop;
    create schema public;
  end $$`;
