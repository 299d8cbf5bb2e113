/** What a client whose connection is described by SDP is told when it goes wrong. */
import { AppError } from '../../../lib/index.ts';

export function lostError(): AppError {
  return new AppError(
    'unavailable',
    'The media server restarts; restart ICE, or make a new connection.',
    'server',
    {
      retryAfterSeconds: 1,
    },
  );
}

export function closedError(): AppError {
  return new AppError('invalid_state', 'The participant has left the call.');
}
