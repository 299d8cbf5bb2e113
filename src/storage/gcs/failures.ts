/** What the failures of Google Cloud Storage mean. */
import { AppError } from '../../lib/index.ts';
import { destinationError, networkTrouble, type Trouble } from '../destination.ts';

const TROUBLES_BY_STATUS: Readonly<Record<number, Trouble>> = {
  401: 'credentials',
  403: 'permission',
  404: 'no-bucket',
  408: 'timeout',
  429: 'busy',
  503: 'busy',
};
/** What the libraries of Google say when they find nobody to log in as, or a key that is none. */
const NO_LOGIN =
  /could not load the default credentials|invalid_grant|unable to detect|keyfile|private.key|key must be|JSON|DECODER|ENOENT/i;
const MAX_SKEW_MS = 5 * 60_000;

/** Undefined for what is no failure of the storage. */
export function explainGcs(error: unknown, place: string): AppError | undefined {
  if (!(error instanceof Error) || error instanceof AppError) return undefined;
  const status = statusOf(error);
  const trouble =
    (status === 401 && isClockOff(error) ? 'clock' : undefined) ??
    TROUBLES_BY_STATUS[status ?? 0] ??
    networkTrouble(error) ??
    (NO_LOGIN.test(error.message) ? 'credentials' : undefined) ??
    (status === undefined ? undefined : 'other');
  return (
    trouble && destinationError(trouble, { place, code: status === undefined ? undefined : String(status) })
  );
}

/** Tokens are signed for now: another time is a refusal like that of a wrong key. */
function isClockOff(error: Error): boolean {
  const response = 'response' in error ? error.response : undefined;
  if (typeof response !== 'object' || response === null || !('headers' in response)) return false;
  const { headers } = response;
  const date = headers instanceof Headers ? headers.get('date') : undefined;
  return date ? Math.abs(Date.parse(date) - Date.now()) > MAX_SKEW_MS : false;
}

/** Of the answer; the libraries put it into different places. */
export function statusOf(error: unknown): number | undefined {
  if (!(error instanceof Error)) return undefined;
  const status = 'status' in error ? error.status : undefined;
  const code = 'code' in error ? error.code : undefined;
  for (const value of [status, code]) {
    const number = Number(value);
    if (number >= 400 && number < 600) return number;
  }
  return undefined;
}

/** Whether it may go well a little later. */
export function isPassing(error: unknown): boolean {
  const status = statusOf(error);
  if (status !== undefined) return status === 408 || status === 429 || status >= 500;
  return networkTrouble(error) !== undefined;
}
