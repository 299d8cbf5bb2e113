/** Why a connection or a whole call ended, in words for programs and for people. */
// The codes alone, not the protocol's door: that one would bring its schemas into the browser.
import { CloseCode } from '../protocol/codes.ts';
import type { CallEndReason } from '../protocol/index.ts';
import { CallError, type CallErrorCode } from './errors.ts';

export type CloseReason =
  | 'left'
  | 'unauthenticated'
  | 'removed'
  | 'call-ended'
  | 'replaced'
  | 'flooding'
  | 'protocol-violation'
  /** The server refused to let us in; `error` says with which code. */
  | 'refused'
  | 'unreachable'
  /** It was lost, and could not be won back in time. */
  | 'connection-lost';

export interface CallClosed {
  readonly reason: CloseReason;
  readonly message: string;
  /** The code with which the server refused the join; only with `refused`. */
  readonly error?: CallErrorCode;
  /** How the call ended; only with `call-ended`, when the server said so. */
  readonly endReason?: CallEndReason;
}

/** How one socket ended. */
export interface SocketClosed {
  readonly code: number;
  readonly message: string;
  /** The end of the call for us: connecting again would not be welcome. Absent when it is worth trying. */
  readonly finalReason?: CloseReason;
}

const FINAL: ReadonlyMap<number, readonly [CloseReason, string]> = new Map([
  [CloseCode.protocolViolation, ['protocol-violation', 'The server did not understand this client.']],
  [CloseCode.unauthenticated, ['unauthenticated', 'The token is not valid any more.']],
  [CloseCode.removed, ['removed', 'A moderator removed you from the call.']],
  [CloseCode.callEnded, ['call-ended', 'The call has ended.']],
  [CloseCode.replaced, ['replaced', 'The same user joined the call from somewhere else.']],
  [CloseCode.flooding, ['flooding', 'This client sent too many messages.']],
]);

const TRANSIENT: ReadonlyMap<number, string> = new Map([
  [CloseCode.normal, 'The server closed the connection.'],
  [CloseCode.tooLong, 'A message was too long.'],
  [CloseCode.serverRestarting, 'The server restarts.'],
  [CloseCode.silent, 'The server heard nothing from us for too long.'],
]);

export function describeSocketClose(code: number): SocketClosed {
  const final = FINAL.get(code);
  if (final) return { code, message: final[1], finalReason: final[0] };
  return { code, message: TRANSIENT.get(code) ?? 'The connection to the server was lost.' };
}

/** A socket that ended while somebody waited for it. */
export class SocketClosedError extends CallError {
  readonly closed: SocketClosed;

  constructor(closed: SocketClosed) {
    super('connection_closed', closed.message);
    this.closed = closed;
  }
}

/** Refusals that a later attempt may not meet any more. */
const WORTH_RETRYING: ReadonlySet<CallErrorCode> = new Set([
  'unreachable',
  'timeout',
  'connection_closed',
  'unavailable',
  'rate_limited',
  'internal',
]);

/** The end of the call that an error means; undefined when it is worth trying again. */
export function finalEndOf(error: unknown): CallClosed | undefined {
  if (error instanceof SocketClosedError) {
    const { finalReason: reason, message } = error.closed;
    return reason && { reason, message };
  }
  if (!(error instanceof CallError) || WORTH_RETRYING.has(error.code)) return undefined;
  return { reason: 'refused', message: error.message, error: error.code };
}

/** The same, when there will be no other attempt. */
export function endOf(error: unknown): CallClosed {
  const final = finalEndOf(error);
  if (final) return final;
  if (error instanceof CallError && error.code !== 'unreachable' && error.code !== 'connection_closed') {
    return { reason: 'refused', message: error.message, error: error.code };
  }
  const message = error instanceof Error ? error.message : 'The server cannot be reached.';
  return { reason: 'unreachable', message };
}
