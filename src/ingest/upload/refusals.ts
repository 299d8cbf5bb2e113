/** Why an upload is not taken, in words for its client. */
import { AppError } from '../../lib/index.ts';

const RETRY_AFTER_SECONDS = 5;

export function sessionExists(): AppError {
  return new AppError(
    'session_exists',
    'An upload with this uuid runs. When its connection is lost, it goes on with the next offer under its uuid.',
  );
}

export function sessionNotFound(): AppError {
  return new AppError('session_not_found', 'There is no such upload; it may have ended.');
}

export function tooManySessions(): AppError {
  return new AppError('too_many_sessions', 'The server has as many uploads as it takes.', 'server', {
    retryAfterSeconds: RETRY_AFTER_SECONDS,
  });
}

export function stopping(): AppError {
  return new AppError('unavailable', 'The server is stopping.', 'server', { retryAfterSeconds: 2 });
}
