/** What goes wrong at a storage elsewhere, in words that help an operator and hold no secret. */
import { AppError } from '../lib/index.ts';

export type Trouble =
  | 'credentials'
  | 'permission'
  | 'access'
  | 'no-bucket'
  | 'address'
  | 'clock'
  | 'busy'
  | 'full'
  | 'timeout'
  | 'unreachable'
  | 'damaged'
  | 'other';

const WORDS: Readonly<Record<Trouble, string>> = {
  credentials: 'it does not accept the credentials',
  permission: 'these credentials may not do this there',
  access: 'it does not accept the credentials, or they may not do this there',
  'no-bucket': 'there is no such bucket',
  address: 'the bucket is at another address or in another region',
  clock: 'the clock of this machine differs too much from its own',
  busy: 'it is too busy at the moment',
  full: 'it is full',
  timeout: 'it does not answer in time',
  unreachable: 'it cannot be reached, or breaks off',
  damaged: 'what arrived there differs from what was sent',
  other: 'it refuses for a reason of its own',
};

export interface TroubleDetails {
  /** Such as `s3, bucket recordings at https://s3.example.com`. */
  readonly place: string;
  /** The short name that the storage or the system gives it, such as `SlowDown`. */
  readonly code?: string | undefined;
}

/** Without the failure itself as its cause: those of SDKs hold requests, with who made them. */
export function destinationError(trouble: Trouble, { place, code }: TroubleDetails): AppError {
  const short = code === undefined || !/^[\w.-]{1,64}$/.test(code) ? '' : ` (${code})`;
  return new AppError(
    'unavailable',
    `The storage of recordings fails: ${WORDS[trouble]}${short}. It is ${place}.`,
    'destination',
  );
}

const UNREACHABLE: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ConnectionRefused',
  'ConnectionClosed',
  'FailedToOpenSocket',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EPIPE',
  'EPROTO',
  'ENOTIMP',
  'UND_ERR_SOCKET',
  'HPE_INVALID_CONSTANT',
]);

/** Of the connection, before any answer is there; undefined for what comes from elsewhere. */
export function networkTrouble(error: unknown): Trouble | undefined {
  if (!(error instanceof Error)) return undefined;
  const code = 'code' in error ? String(error.code) : '';
  if (UNREACHABLE.has(code) || /^(ERR_TLS|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO)/.test(code))
    return 'unreachable';
  // The SDK of AWS names a connection that was reset so too, which is why the codes come first.
  if (error.name === 'TimeoutError' || code === 'ETIMEDOUT' || code === 'ESOCKETTIMEDOUT') return 'timeout';
  if (/socket hang up|socket connection was closed|aborted|premature close/i.test(error.message))
    return 'unreachable';
  return error.cause === undefined ? undefined : networkTrouble(error.cause);
}
