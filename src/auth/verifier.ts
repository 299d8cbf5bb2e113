/** What checks the signature of a token, and what is said when it does not hold. */
import { AppError } from '../lib/index.ts';

/** Checks the tokens of one issuer. */
export interface Verifier {
  /**
   * The claims of a token that this issuer signed and that is valid now; their form is not checked yet. Throws
   * `unauthenticated`, without saying what exactly is wrong, or `unavailable` when it cannot be told now.
   */
  verify(token: string): Promise<unknown>;
}

export function unauthenticated(
  message = 'A valid token is needed: send "Authorization: Bearer <token>".',
): AppError {
  return new AppError('unauthenticated', message);
}

export function invalidToken(): AppError {
  return unauthenticated('The token is not valid, or not any more.');
}
