/** What the failures of an S3 mean. */
import { AppError } from '../../lib/index.ts';
import { destinationError, networkTrouble, type Trouble } from '../destination.ts';

const TROUBLES: Readonly<Record<string, Trouble>> = {
  AccessDenied: 'permission',
  AccountProblem: 'permission',
  AuthorizationHeaderMalformed: 'address',
  BadDigest: 'damaged',
  CredentialsProviderError: 'credentials',
  ExpiredToken: 'credentials',
  InvalidAccessKeyId: 'credentials',
  InvalidPart: 'damaged',
  InvalidToken: 'credentials',
  NoSuchBucket: 'no-bucket',
  PermanentRedirect: 'address',
  QuotaExceeded: 'full',
  RequestTimeTooSkewed: 'clock',
  RequestTimeout: 'timeout',
  SignatureDoesNotMatch: 'credentials',
  SlowDown: 'busy',
  XAmzContentChecksumMismatch: 'damaged',
  XAmzContentSHA256Mismatch: 'damaged',
  XMinioStorageFull: 'full',
};

const TROUBLES_BY_STATUS: Readonly<Record<number, Trouble>> = {
  301: 'address',
  401: 'credentials',
  403: 'permission',
  429: 'busy',
  503: 'busy',
  507: 'full',
};

/** Undefined for what is no failure of the storage. */
export function explainS3(error: unknown, place: string): AppError | undefined {
  if (!(error instanceof Error) || error instanceof AppError) return undefined;
  const status = statusOf(error);
  const trouble =
    TROUBLES[error.name] ??
    TROUBLES_BY_STATUS[status ?? 0] ??
    networkTrouble(error) ??
    (status === undefined ? undefined : 'other');
  return trouble && destinationError(trouble, { place, code: codeOf(error, status) });
}

/** Whether it is the failure of this name. */
export function isS3(error: unknown, ...names: string[]): boolean {
  return error instanceof Error && names.includes(error.name);
}

function statusOf(error: Error): number | undefined {
  const metadata = '$metadata' in error ? error.$metadata : undefined;
  if (typeof metadata !== 'object' || metadata === null || !('httpStatusCode' in metadata)) return undefined;
  return typeof metadata.httpStatusCode === 'number' ? metadata.httpStatusCode : undefined;
}

function codeOf(error: Error, status: number | undefined): string {
  if ('code' in error && typeof error.code === 'string') return error.code;
  return ['Error', 'UnknownError'].includes(error.name) ? String(status ?? error.name) : error.name;
}
