/** Joins the embedded PostgreSQL and the driver into a `Database`. */
import postgres from 'postgres';
import {
  type CommonOptions,
  DEFAULT_CLOSE_TIMEOUT_MS,
  DEFAULT_PING_TIMEOUT_MS,
  forwardNotice,
} from '../common-options.ts';
import type { Database } from '../database.ts';
import { type Client, type ClientOverrides, SqlDatabase } from '../sql-database.ts';
import { EmbeddedPostgres } from './embedded-postgres.ts';

export interface EmbeddedOptions extends CommonOptions {
  /** Absolute; made when missing, and for one process at a time. */
  dataDir: string;
}

/** Rejects with `database_locked`, `database_folder_unusable` or `database_unavailable`. */
export async function openEmbedded(options: EmbeddedOptions): Promise<Database> {
  const embedded = await EmbeddedPostgres.open(options.dataDir);
  return new SqlDatabase({
    kind: 'pglite',
    createClient: (overrides) => createClient(embedded, options, overrides),
    // One process has the folder, and `SqlDatabase` migrates once at a time.
    withMigrationLock: (run) => run(),
    closeBackend: () => embedded.close(),
    describe: (error) => `The embedded database in ${options.dataDir} failed: ${messageOf(error)}`,
    pingTimeoutMs: options.pingTimeoutMs ?? DEFAULT_PING_TIMEOUT_MS,
    closeTimeoutMs: options.closeTimeoutMs ?? DEFAULT_CLOSE_TIMEOUT_MS,
  });
}

function createClient(
  embedded: EmbeddedPostgres,
  options: EmbeddedOptions,
  overrides: ClientOverrides = {},
): Client {
  const settings = {
    host: 'embedded',
    user: 'postgres',
    database: 'postgres',
    // PGlite asks for none; this keeps the driver from looking for one.
    pass: () => '',
    // A startup message waits for its turn behind a long transaction; that is no reason to give up.
    connect_timeout: 0,
    max_lifetime: null,
    onnotice: (notice: postgres.Notice) => forwardNotice(notice, options),
    ...overrides,
    // There is one session, so more connections would only wait for each other.
    max: 1,
    socket: () => embedded.connect(),
  };
  return postgres(settings);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
