/** Keeps a second process out of a database folder; owns the lock for as long as it is held. */
import { Database as Sqlite } from 'bun:sqlite';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../../lib/index.ts';

const LOCK_FILE = 'owner.lock';
/** Says to people who holds the lock; nothing is decided by it. */
const OWNER_FILE = 'owner.pid';

/**
 * The lock is one of the kernel (a POSIX record lock, taken by SQLite on its file): it ends with the process that holds
 * it, however that ends, and holds between containers too, where a pid in a file means nothing. Children do not inherit
 * it.
 */
export class FolderLock {
  readonly #folder: string;
  readonly #lock: Sqlite;
  #isReleased = false;

  private constructor(folder: string, lock: Sqlite) {
    this.#folder = folder;
    this.#lock = lock;
  }

  /**
   * Makes the folder when it is missing. Throws `database_locked` when a process (this one too) holds it, and
   * `database_folder_unusable` when it cannot be made or written.
   */
  static take(folder: string): FolderLock {
    const lock = openLockFile(folder);
    try {
      lock.run('PRAGMA busy_timeout = 0');
      // Nothing is ever written, so no file of a journal either.
      lock.run('PRAGMA journal_mode = MEMORY');
      lock.run('BEGIN EXCLUSIVE');
      writeFileSync(join(folder, OWNER_FILE), `${process.pid}\n`);
      return new FolderLock(folder, lock);
    } catch (error) {
      lock.close();
      if (codeOf(error).startsWith('SQLITE_BUSY')) throw lockedError(folder);
      throw unusableError(folder, error);
    }
  }

  /** Twice is no error. */
  release(): void {
    if (this.#isReleased) return;
    this.#isReleased = true;
    rmSync(join(this.#folder, OWNER_FILE), { force: true });
    this.#lock.close();
  }
}

function openLockFile(folder: string): Sqlite {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return new Sqlite(join(folder, LOCK_FILE), { create: true, readwrite: true });
  } catch (error) {
    throw unusableError(folder, error);
  }
}

function lockedError(folder: string): AppError {
  const pid = readOwner(folder);
  return new AppError(
    'database_locked',
    `The database folder ${folder} is in use by ${pid ? `the process ${pid}` : 'another process'}. ` +
      'Only one process may use an embedded database: stop that one, give this one a data folder of its own, ' +
      'or let both use PostgreSQL (DATABASE_URL).',
    'server',
    { details: { folder, pid } },
  );
}

function readOwner(folder: string): number | undefined {
  try {
    const pid = Number.parseInt(readFileSync(join(folder, OWNER_FILE), 'utf8'), 10);
    return Number.isSafeInteger(pid) ? pid : undefined;
  } catch {
    return undefined;
  }
}

function unusableError(folder: string, cause: unknown): AppError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new AppError(
    'database_folder_unusable',
    `The database folder ${folder} cannot be written (${reason}). Check that it is a folder, that it belongs to the user ` +
      'that runs this process, and that the disk is neither full nor read-only.',
    'server',
    { cause, details: { folder } },
  );
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
