/** What both databases can be told, and how they pass on what the server remarks on. */
import type postgres from 'postgres';

export interface CommonOptions {
  /** Gets the warnings of the database, in one line each. */
  onNotice?: ((text: string) => void) | undefined;
  /** How long `ping` waits; 2,000 ms when not given. */
  pingTimeoutMs?: number | undefined;
  /** How long `close` lets queries and transactions finish before it ends them; 5,000 ms when not given. */
  closeTimeoutMs?: number | undefined;
}

export const DEFAULT_PING_TIMEOUT_MS = 2_000;
export const DEFAULT_CLOSE_TIMEOUT_MS = 5_000;

/** Less than a warning: `already exists, skipping` at each start. */
const QUIET_SEVERITIES = new Set(['NOTICE', 'INFO', 'LOG', 'DEBUG']);
/** A `ROLLBACK` for safety's sake, where no transaction was open. */
const NO_ACTIVE_TRANSACTION = '25P01';

export function forwardNotice(notice: postgres.Notice, options: CommonOptions): void {
  if (QUIET_SEVERITIES.has(notice.severity ?? '') || notice.code === NO_ACTIVE_TRANSACTION) return;
  options.onNotice?.(notice.message ?? '');
}
