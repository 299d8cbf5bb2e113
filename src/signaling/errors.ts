/** Translates what a handler throws into the error of one message (SPEC 2.4). */
import { AppError, type Explain } from '../lib/index.ts';
import type { Logger } from '../observability/index.ts';
import { SOCKET_ERROR_CODES, type SocketErrorCode, type WireError } from '../protocol/index.ts';

const CODES: ReadonlySet<string> = new Set(SOCKET_ERROR_CODES);

export function toWireError(error: unknown, logger: Logger, explain?: Explain): WireError {
  const explained = explain?.(error);
  if (explained) logger.warn({ err: error }, 'message failed, and may be sent again');
  const known = explained ?? error;
  if (known instanceof AppError) {
    const code = toSocketCode(known.code);
    if (code) return { code, message: known.message };
  }
  logger.error({ err: error }, 'message failed');
  return { code: 'internal', message: 'Something went wrong on our side.' };
}

function toSocketCode(code: string): SocketErrorCode | undefined {
  if (code === 'validation_error') return 'invalid_message';
  return isSocketCode(code) ? code : undefined;
}

function isSocketCode(code: string): code is SocketErrorCode {
  return CODES.has(code);
}
