/** A database behind the PostgreSQL driver; owns its two pools and the way to get new ones. */
import { fileURLToPath } from 'node:url';
import { drizzle } from 'drizzle-orm/postgres-js';
import { migrate } from 'drizzle-orm/postgres-js/migrator';
import type postgres from 'postgres';
import { AppError, SerialQueue } from '../lib/index.ts';
import type { Database, Orm, RawResult } from './database.ts';
import { executeRaw, RAW_TYPES } from './raw-sql.ts';
import * as schema from './schema/index.ts';

export type Client = postgres.Sql<Record<string, unknown>>;
export type ClientOverrides = Pick<
  postgres.Options<Record<string, postgres.PostgresType>>,
  'max' | 'types' | 'idle_timeout'
>;

export interface SqlDatabaseOptions {
  kind: Database['kind'];
  /** A new pool; it connects when it is first used. */
  createClient: (overrides?: ClientOverrides) => Client;
  /** Runs the migrations while no other process does. */
  withMigrationLock: (run: () => Promise<void>) => Promise<void>;
  /** What must end after the last connection did. */
  closeBackend: () => Promise<void>;
  /** An error in words, without the password. */
  describe: (error: unknown) => string;
  pingTimeoutMs: number;
  closeTimeoutMs: number;
}

const MIGRATIONS_FOLDER = fileURLToPath(new URL('../../drizzle', import.meta.url));
const RAW_CONNECTIONS = 4;

export class SqlDatabase implements Database {
  readonly kind: Database['kind'];
  readonly #options: SqlDatabaseOptions;
  readonly #client: Client;
  /** Beside `#client`, because drizzle replaces the parsers of the client that it is given. */
  readonly #rawClient: Client;
  readonly #orm: Orm;
  readonly #migrations = new SerialQueue();
  #closing: Promise<void> | undefined;

  constructor(options: SqlDatabaseOptions) {
    this.kind = options.kind;
    this.#options = options;
    this.#client = options.createClient();
    this.#rawClient = options.createClient({ max: RAW_CONNECTIONS, types: RAW_TYPES });
    this.#orm = drizzle(this.#client, { schema });
  }

  get orm(): Orm {
    return this.#orm;
  }

  async ping(): Promise<void> {
    const timeout = Promise.withResolvers<never>();
    const timer = setTimeout(
      () => timeout.reject(new Error(`no answer within ${this.#options.pingTimeoutMs} ms`)),
      this.#options.pingTimeoutMs,
    );
    try {
      await Promise.race([this.#client.unsafe('select 1'), timeout.promise]);
    } catch (error) {
      throw new AppError('database_unavailable', this.#options.describe(error), 'server');
    } finally {
      clearTimeout(timer);
    }
  }

  migrate(): Promise<void> {
    return this.#migrations.run(async () => {
      try {
        await this.#options.withMigrationLock(() => this.#applyMigrations());
      } catch (error) {
        throw new AppError(
          'migration_failed',
          `The database schema could not be brought up to date: ${this.#options.describe(error)}`,
          'server',
        );
      }
    });
  }

  async executeSql(text: string, values: readonly unknown[] = []): Promise<RawResult> {
    // The driver never answers who asks it for a connection of a pool that has ended.
    if (this.#closing) throw new AppError('database_unavailable', 'The database is closed', 'server');
    return await executeRaw(this.#rawClient, text, values);
  }

  close(): Promise<void> {
    this.#closing ??= this.#closeOnce();
    return this.#closing;
  }

  async #applyMigrations(): Promise<void> {
    const client = this.#options.createClient({ max: 1 });
    try {
      await migrate(drizzle(client), { migrationsFolder: MIGRATIONS_FOLDER });
    } finally {
      await client.end({ timeout: this.#options.closeTimeoutMs / 1_000 });
    }
  }

  async #closeOnce(): Promise<void> {
    await this.#migrations.close();
    const ends = [this.#client, this.#rawClient].map((client) =>
      client.end({ timeout: this.#options.closeTimeoutMs / 1_000 }),
    );
    await Promise.allSettled(ends);
    await this.#options.closeBackend();
  }
}
