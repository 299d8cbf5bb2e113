/** Opens the database that the configuration asks for: PostgreSQL, or the embedded one in a folder. */

import { assertNever } from '../lib/index.ts';
import type { Database } from './database.ts';
import { type EmbeddedOptions, openEmbedded } from './embedded/index.ts';
import { openServer, type ServerOptions } from './server/index.ts';

export type DatabaseOptions = ({ kind: 'pglite' } & EmbeddedOptions) | ({ kind: 'postgres' } & ServerOptions);

/**
 * The caller owns the database and closes it; it is not migrated yet. Rejects with an `AppError`, which never holds the
 * password: `database_locked`, `database_folder_unusable`, `database_unavailable`, `database_refused`,
 * `database_url_invalid` or `database_too_old`.
 */
export function openDatabase(options: DatabaseOptions): Promise<Database> {
  switch (options.kind) {
    case 'pglite':
      return openEmbedded(options);
    case 'postgres':
      return openServer(options);
    default:
      return assertNever(options, 'kind of database');
  }
}
