/** What the codes of the signalling socket mean, and what a client does about them (SPEC 2.4). */
import type { CloseCode, SocketErrorCode } from './codes.ts';

export const ERROR_MEANINGS: Readonly<Record<SocketErrorCode, string>> = {
  invalid_message:
    'The message is not JSON, of no known type, or not of the form that its type has: three such in ten seconds close the socket with 4400. Also what is well-formed and makes no sense, such as a `camera` that is audio; that never closes anything.',
  unauthenticated: 'The token in the message (`refresh-token`, `resume`) does not hold, or no longer.',
  forbidden: 'The token, or the rights in this call, do not allow it.',
  call_not_found: 'There is no such call, or it is not for you to see.',
  call_full:
    'The call has as many participants as it takes. Comes to `join`, and to a moderator who admits somebody.',
  call_locked: 'A moderator has locked the call. Comes to `join`, and to a moderator who admits somebody.',
  call_ended: 'The call is over.',
  not_joined: 'The socket is not in this call: send `join` first.',
  already_joined: 'The socket is in a call already: send `leave` first.',
  invalid_sdp: 'The session description cannot be used; the message says why.',
  unsupported_codec: 'No codec that both sides have, or that this device can receive.',
  invalid_state: 'Right in itself, and not now: twice what can be done once, or before what it needs.',
  not_found: 'What the message names is not there, or no more.',
  rate_limited: 'Too many messages. Wait; who goes on is closed with 4429.',
  unavailable: 'The server cannot do it at the moment. Try again in a second.',
  internal: 'A fault of the server, which has logged it.',
};

export interface CloseMeaning {
  readonly meaning: string;
  /** What a client does then. */
  readonly remedy: string;
}

export const CLOSE_MEANINGS: Readonly<Record<keyof typeof CloseCode, CloseMeaning>> = {
  normal: { meaning: 'The client closed it.', remedy: 'Nothing: one has left.' },
  tooLong: {
    meaning: 'A message was longer than the limit.',
    remedy: 'Nothing is left to resume: connect and `join`, and send shorter messages.',
  },
  serverRestarting: {
    meaning: 'The server stops or starts again.',
    remedy: 'Connect again with growing pauses, and `resume`.',
  },
  protocolViolation: {
    meaning: 'Three messages in ten seconds that nobody understands.',
    remedy: 'Do not connect again: the client has a fault.',
  },
  unauthenticated: {
    meaning: 'The token has ended, or never held.',
    remedy: 'Connect with another token and `join`.',
  },
  removed: { meaning: 'A moderator sent you out.', remedy: 'Do not connect again by yourself.' },
  callEnded: { meaning: 'The call has ended.', remedy: 'Do not connect again.' },
  silent: {
    meaning: 'Nothing was heard for too long, or you read too slowly.',
    remedy:
      'Connect again and `resume`. Where the answer is `invalid_state`, as after reading too slowly, nothing is left: `join`.',
  },
  replaced: {
    meaning: 'The same user joined or resumed elsewhere.',
    remedy: 'Do not connect again by yourself.',
  },
  flooding: {
    meaning: 'Too many messages, although refused.',
    remedy: 'Do not connect again: the client has a fault.',
  },
};
