/** What the rest of Kaa sees of a database, whichever of the two it is. */
import type { ExtractTablesWithRelations } from 'drizzle-orm';
import type { PgDatabase } from 'drizzle-orm/pg-core';
import type { PostgresJsQueryResultHKT } from 'drizzle-orm/postgres-js';
import type * as schema from './schema/index.ts';

export type Schema = typeof schema;

/** What a repository is given: the database, or a transaction of it. Both drivers behave the same behind it. */
export type Orm = PgDatabase<PostgresJsQueryResultHKT, Schema, ExtractTablesWithRelations<Schema>>;

export interface RawResult {
  rows: Record<string, unknown>[];
}

export interface Database {
  readonly kind: 'pglite' | 'postgres';

  /**
   * For repositories. `orm.transaction(async (tx) => …)` commits when the callback resolves and rolls back when it
   * throws; inside, use `tx` only: PGlite has one session, so a query by `orm` would wait for its own transaction.
   */
  readonly orm: Orm;

  /** Resolves when the database answered; rejects with `database_unavailable` when it did not within its timeout. */
  ping(): Promise<void>;

  /**
   * Brings the schema up to date, each migration once, also when several processes start together. Rejects with
   * `migration_failed`, and then nothing of the failed run is kept.
   */
  migrate(): Promise<void>;

  /**
   * For libraries that bring their own SQL (the job queue). Without values the text may hold several statements and
   * `BEGIN … COMMIT`; when it fails its transaction is rolled back, and the next text meets a clean session. Values and
   * rows follow the customs of node-postgres: `timestamptz` is a `Date`, `bigint` a string, a string for a json
   * parameter is JSON already.
   */
  executeSql(text: string, values?: readonly unknown[]): Promise<RawResult>;

  /** Lets what runs finish for `closeTimeoutMs`, then ends every connection, worker and lock. Twice is no error. */
  close(): Promise<void>;
}
