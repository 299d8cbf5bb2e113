/** Joins a PostgreSQL server and the driver into a `Database`, waiting for a server that is still starting. */
import { setTimeout as delay } from 'node:timers/promises';
import postgres from 'postgres';
import { AppError } from '../../lib/index.ts';
import {
  type CommonOptions,
  DEFAULT_CLOSE_TIMEOUT_MS,
  DEFAULT_PING_TIMEOUT_MS,
  forwardNotice,
} from '../common-options.ts';
import type { Database } from '../database.ts';
import { isPassingFailure } from '../passing-failure.ts';
import { type Client, type ClientOverrides, SqlDatabase } from '../sql-database.ts';
import { describeTarget, parseTarget, redactPassword, type SslMode, type Target } from './target.ts';

export type { SslMode };

export interface ServerOptions extends CommonOptions {
  /** `postgres://user:password@host:port/database`; `?host=/folder` is the folder of a Unix socket. */
  url: string;
  /** Wins over `sslmode` of the URL. `disable` when neither is given. */
  sslMode?: SslMode | undefined;
  /** Of the pool that repositories use; 10 when not given. Raw SQL and migrations have a few of their own. */
  maxConnections?: number | undefined;
  /** How long to wait for a server that cannot be reached yet; 30,000 ms when not given. */
  connectTimeoutMs?: number | undefined;
}

const DEFAULT_MAX_CONNECTIONS = 10;
const DEFAULT_CONNECT_TIMEOUT_MS = 30_000;
const ATTEMPT_TIMEOUT_SECONDS = 5;
const FIRST_RETRY_MS = 100;
const LONGEST_RETRY_MS = 2_000;
const OLDEST_VERSION = 15;
const END_TIMEOUT_SECONDS = 5;

/** Any number that only Kaa uses. */
const MIGRATION_LOCK = 5_224_001;
const MIGRATION_LOCK_TIMEOUT_MS = 60_000;

class NoAnswerError extends Error {}

/**
 * Rejects with `database_url_invalid`, `database_unavailable` (not reached in time), `database_refused` (reached, but it
 * does not let us in) or `database_too_old`.
 */
export async function openServer(options: ServerOptions): Promise<Database> {
  const target = parseTarget(options.url);
  const create = (overrides?: ClientOverrides) => createClient(target, options, overrides);
  await checkServer(create, target, options.connectTimeoutMs ?? DEFAULT_CONNECT_TIMEOUT_MS);
  return new SqlDatabase({
    kind: 'postgres',
    createClient: create,
    withMigrationLock: (run) => withAdvisoryLock(create, run),
    closeBackend: async () => {},
    describe: (error) => `PostgreSQL at ${describeTarget(target)} failed: ${describeFailure(error, target)}`,
    pingTimeoutMs: options.pingTimeoutMs ?? DEFAULT_PING_TIMEOUT_MS,
    closeTimeoutMs: options.closeTimeoutMs ?? DEFAULT_CLOSE_TIMEOUT_MS,
  });
}

function createClient(target: Target, options: ServerOptions, overrides: ClientOverrides = {}): Client {
  return postgres({
    host: target.host,
    port: target.port,
    database: target.database,
    username: target.user,
    password: target.password,
    ssl: toDriverSsl(options.sslMode ?? target.sslMode ?? 'disable'),
    max: options.maxConnections ?? DEFAULT_MAX_CONNECTIONS,
    connect_timeout: ATTEMPT_TIMEOUT_SECONDS,
    backoff: (retries: number) => retryDelayMs(retries) / 1_000,
    connection: { application_name: 'kaa', ...target.parameters },
    onnotice: (notice: postgres.Notice) => forwardNotice(notice, options),
    ...overrides,
  });
}

function toDriverSsl(mode: SslMode): Exclude<postgres.Options<Record<string, never>>['ssl'], undefined> {
  switch (mode) {
    case 'disable':
      return false;
    case 'verify-ca':
      return { rejectUnauthorized: true, checkServerIdentity: () => undefined };
    default:
      return mode;
  }
}

async function checkServer(
  create: (overrides?: ClientOverrides) => Client,
  target: Target,
  timeoutMs: number,
): Promise<void> {
  // A pool that ends between two attempts may still connect once: then it hangs up again after this second.
  const client = create({ max: 1, idle_timeout: 1 });
  try {
    const version = await readVersion(client, target, timeoutMs);
    if (version >= OLDEST_VERSION) return;
    throw new AppError(
      'database_too_old',
      `PostgreSQL at ${describeTarget(target)} is version ${version}; ${OLDEST_VERSION} or later is needed`,
      'server',
    );
  } finally {
    await client.end({ timeout: 0 });
  }
}

/** The major version, once the server answers. */
async function readVersion(client: Client, target: Target, timeoutMs: number): Promise<number> {
  // The driver itself tries for ever when a server accepts connections and hangs up on them.
  const deadline = Promise.withResolvers<never>();
  const timer = setTimeout(() => deadline.reject(new NoAnswerError('it does not answer')), timeoutMs);
  const startedAt = performance.now();
  try {
    for (let attempt = 0; ; attempt += 1) {
      try {
        return await Promise.race([queryVersion(client), deadline.promise]);
      } catch (error) {
        if (!isPassing(error)) throw refusedError(target, error);
        const waitMs = retryDelayMs(attempt);
        const hasTime = performance.now() - startedAt + waitMs < timeoutMs;
        if (!hasTime) throw unavailableError(target, error, timeoutMs);
        await delay(waitMs);
      }
    }
  } finally {
    clearTimeout(timer);
  }
}

async function queryVersion(client: Client): Promise<number> {
  const [row] = await client.unsafe<{ version: number }[]>(
    "select current_setting('server_version_num')::int / 10000 as version",
  );
  return row?.version ?? 0;
}

function isPassing(error: unknown): boolean {
  return error instanceof NoAnswerError || isPassingFailure(error);
}

function retryDelayMs(attempt: number): number {
  return Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** attempt);
}

/** Holds the lock on a connection of its own, so that it ends with this process however that ends. */
async function withAdvisoryLock(
  create: (overrides?: ClientOverrides) => Client,
  run: () => Promise<void>,
): Promise<void> {
  const client = create({ max: 1 });
  try {
    await client.unsafe(`set lock_timeout = ${MIGRATION_LOCK_TIMEOUT_MS}`);
    await client.unsafe(`select pg_advisory_lock(${MIGRATION_LOCK})`);
    await run();
  } finally {
    await client.end({ timeout: END_TIMEOUT_SECONDS });
  }
}

function refusedError(target: Target, error: unknown): AppError {
  const reason = describeFailure(error, target);
  return new AppError(
    'database_refused',
    `PostgreSQL at ${describeTarget(target)} refuses the connection: ${reason}`,
    'server',
  );
}

function unavailableError(target: Target, error: unknown, timeoutMs: number): AppError {
  const reason = describeFailure(error, target);
  return new AppError(
    'database_unavailable',
    `PostgreSQL at ${describeTarget(target)} cannot be reached; gave up after ${timeoutMs / 1_000} s: ${reason}`,
    'server',
  );
}

function describeFailure(error: unknown, target: Target): string {
  const text = error instanceof Error ? error.message : String(error);
  return redactPassword(text || codeOf(error), target);
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
