/** Translates what a call of gRPC throws into a status (SPEC 5.1). */
import { Metadata, type StatusObject, status } from '@grpc/grpc-js';
import { AppError, type Explain, newId } from '../../lib/index.ts';
import type { Logger } from '../../observability/index.ts';

const STATUS_BY_CODE: Readonly<Record<string, status>> = {
  validation_error: status.INVALID_ARGUMENT,
  invalid_message: status.INVALID_ARGUMENT,
  invalid_sdp: status.INVALID_ARGUMENT,
  unsupported_codec: status.INVALID_ARGUMENT,
  unauthenticated: status.UNAUTHENTICATED,
  forbidden: status.PERMISSION_DENIED,
  not_found: status.NOT_FOUND,
  session_not_found: status.NOT_FOUND,
  session_exists: status.ALREADY_EXISTS,
  call_ended: status.FAILED_PRECONDITION,
  invalid_state: status.FAILED_PRECONDITION,
  too_large: status.RESOURCE_EXHAUSTED,
  rate_limited: status.RESOURCE_EXHAUSTED,
  too_many_sessions: status.RESOURCE_EXHAUSTED,
  deadline_exceeded: status.DEADLINE_EXCEEDED,
  unavailable: status.UNAVAILABLE,
};

/** Our stable code of the error, for programs. */
const CODE_KEY = 'kaa-error';
/** After how many milliseconds a client that retries by itself is to do so (gRFC A6). */
const PUSHBACK_KEY = 'grpc-retry-pushback-ms';

export type Refusal = Pick<StatusObject, 'code' | 'details' | 'metadata'>;

/** What nobody foresaw is logged with a request id and never shown. */
export function toRefusal(error: unknown, logger: Logger, explain?: Explain): Refusal {
  const explained = explain?.(error);
  if (explained) logger.warn({ err: error }, 'a call of gRPC failed, and may be tried again');
  const known = explained ?? error;
  const code = known instanceof AppError ? STATUS_BY_CODE[known.code] : undefined;
  if (!(known instanceof AppError) || code === undefined) return unknownFailure(error, logger);
  const metadata = new Metadata();
  metadata.set(CODE_KEY, known.code);
  if (known.retryAfterSeconds !== undefined)
    metadata.set(PUSHBACK_KEY, String(Math.round(known.retryAfterSeconds * 1_000)));
  return { code, details: known.message, metadata };
}

function unknownFailure(error: unknown, logger: Logger): Refusal {
  const requestId = newId();
  logger.error({ err: error, requestId }, 'a call of gRPC failed');
  const metadata = new Metadata();
  metadata.set(CODE_KEY, 'internal');
  const details = `Something went wrong on our side. The log has it under this request id: ${requestId}.`;
  return { code: status.INTERNAL, details, metadata };
}
