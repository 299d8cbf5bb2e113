/** What can go wrong on the signalling socket: error codes of one message, close codes of the whole socket (SPEC 2.4). And how the sockets of streaming sessions close. */

export const SOCKET_ERROR_CODES = [
  'invalid_message',
  'unauthenticated',
  'forbidden',
  'call_not_found',
  'call_full',
  'call_locked',
  'call_ended',
  'not_joined',
  'already_joined',
  'invalid_sdp',
  'unsupported_codec',
  'invalid_state',
  'not_found',
  'rate_limited',
  'unavailable',
  'internal',
] as const;

export type SocketErrorCode = (typeof SOCKET_ERROR_CODES)[number];

/** WebSocket close codes. Those from 4400 on are Kaa's own; the others are of RFC 6455, section 7.4.1. */
export const CloseCode = {
  normal: 1000,
  tooLong: 1009,
  serverRestarting: 1012,
  protocolViolation: 4400,
  unauthenticated: 4401,
  removed: 4403,
  callEnded: 4404,
  silent: 4408,
  replaced: 4409,
  flooding: 4429,
} as const;

/** How a socket of a streaming session closes. What both kinds of sockets know has the same number. */
export const StreamCloseCode = {
  tooLong: 1009,
  serverRestarting: 1012,
  /** An operator that reads too slowly, or one too many. */
  tryAgainLater: 1013,
  unauthenticated: 4401,
  /** The session is finished. */
  finished: 4404,
  silent: 4408,
  /** Another source took over. */
  replaced: 4409,
} as const;
