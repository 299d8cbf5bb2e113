/** Tells whether the database is only away for now: starting, restarting, full, or not to be reached. */
import { AppError } from '../lib/index.ts';

/** What a server gives that will answer later; anything else will not go away by waiting. */
const PASSING_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ENOENT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'CONNECT_TIMEOUT',
  'CONNECTION_CLOSED',
  '53300', // too_many_connections
  '57P01', // admin_shutdown
  '57P02', // crash_shutdown
  '57P03', // cannot_connect_now
]);

const RETRY_AFTER_SECONDS = 2;

/** Looks at the error alone, not at what caused it. */
export function isPassingFailure(error: unknown): boolean {
  return (
    error instanceof Error &&
    'code' in error &&
    PASSING_CODES.has(String(error.code)) &&
    !isMissingFile(error)
  );
}

/** The socket of a database may be missing; any other file is none of its business. */
function isMissingFile(error: Error): boolean {
  return 'code' in error && error.code === 'ENOENT' && 'syscall' in error && error.syscall !== 'connect';
}

/** `unavailable` for a query that failed because the database is away, drizzle's wrapping seen through; else nothing. */
export function toUnavailable(error: unknown): AppError | undefined {
  if (!(error instanceof Error) || error instanceof AppError) return undefined;
  if (!isPassingFailure(error)) return toUnavailable(error.cause);
  return new AppError('unavailable', 'The database cannot be reached at the moment.', 'server', {
    cause: error,
    retryAfterSeconds: RETRY_AFTER_SECONDS,
  });
}
