/** What the SDK throws: a stable code for programs and a sentence for people. */
import type { SocketErrorCode } from '../protocol/index.ts';

/** The server's codes, and those that only a client can find out. */
export type CallErrorCode =
  | SocketErrorCode
  | 'unreachable'
  | 'timeout'
  | 'connection_closed'
  | 'unsupported_browser'
  | 'media_failed';

export class CallError extends Error {
  override name = 'CallError';
  readonly code: CallErrorCode;

  constructor(code: CallErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}

/** Whether it failed only because the socket was lost: it may be tried again on the next one. */
export function isConnectionLost(error: unknown): boolean {
  return error instanceof CallError && error.code === 'connection_closed';
}
