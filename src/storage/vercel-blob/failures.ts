/** What the failures of Vercel Blob mean. */
import {
  BlobAccessError,
  BlobError,
  BlobFileTooLargeError,
  BlobRequestAbortedError,
  BlobServiceNotAvailable,
  BlobServiceRateLimited,
  BlobStoreNotFoundError,
  BlobStoreSuspendedError,
  BlobUnknownError,
} from '@vercel/blob';
import { AppError } from '../../lib/index.ts';
import { destinationError, networkTrouble, type Trouble } from '../destination.ts';

const TROUBLES = [
  [BlobAccessError, 'access'],
  [BlobFileTooLargeError, 'full'],
  [BlobRequestAbortedError, 'timeout'],
  [BlobServiceNotAvailable, 'busy'],
  [BlobServiceRateLimited, 'busy'],
  [BlobStoreNotFoundError, 'no-bucket'],
  [BlobStoreSuspendedError, 'permission'],
] as const;

const TROUBLES_BY_STATUS: Readonly<Record<number, Trouble>> = {
  401: 'access',
  403: 'access',
  429: 'busy',
  503: 'busy',
};

/** A refusal by the place where the bytes are, which the SDK does not ask. */
export class RefusedDownload extends Error {
  readonly status: number;

  constructor(status: number) {
    super(`a download was refused with ${status}`);
    this.status = status;
  }
}

/** Undefined for what is no failure of the storage. */
export function explainVercelBlob(error: unknown, place: string): AppError | undefined {
  const trouble = troubleOf(error);
  return trouble && destinationError(trouble, { place });
}

/** Whether it may go well a little later. */
export function isPassing(error: unknown): boolean {
  const trouble = troubleOf(error);
  if (trouble === 'other')
    return error instanceof RefusedDownload ? error.status >= 500 : error instanceof BlobUnknownError;
  return trouble === 'busy' || trouble === 'timeout' || trouble === 'unreachable';
}

/** Whether Vercel refuses the request itself, such as one of an upload that is over. */
export function isRefused(error: unknown): boolean {
  return error instanceof BlobError && troubleOf(error) === 'other' && !isPassing(error);
}

function troubleOf(error: unknown): Trouble | undefined {
  if (error instanceof AppError) return undefined;
  if (error instanceof RefusedDownload) return TROUBLES_BY_STATUS[error.status] ?? 'other';
  const known = TROUBLES.find(([kind]) => error instanceof kind);
  if (known) return known[1];
  return networkTrouble(error) ?? (error instanceof BlobError ? 'other' : undefined);
}
