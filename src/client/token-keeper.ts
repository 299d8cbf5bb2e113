/** The token of a call: given to each socket, and renewed while one lives on, when the server says that it is about to end. */
import { waitToReconnect } from './backoff.ts';
import { CallError, isConnectionLost } from './errors.ts';
import type { SignalingConnection } from './signaling-connection.ts';

export interface TokenSource {
  /** A token, or where to get one: asked before every attempt, so that a reconnect has a fresh one. */
  readonly token: string | (() => string | Promise<string>);
  /** Where to get another token shortly before the present one ends; without it the call is over for us then. */
  readonly getToken?: () => Promise<string>;
}

/** The server tells a minute ahead: within that time a failure is worth another attempt. */
const MAX_ATTEMPTS = 5;
const RETRY_DELAY_MS = 10_000;

export class TokenKeeper {
  #token: TokenSource['token'];
  readonly #getToken: TokenSource['getToken'];
  readonly #signal: AbortSignal;
  /** Which end of a token we were told of last, in milliseconds since 1970. */
  #expiringAt = 0;

  constructor({ token, getToken }: TokenSource, signal: AbortSignal) {
    this.#token = token;
    this.#getToken = getToken;
    this.#signal = signal;
  }

  /** For the next socket. Rejects as the application's function does. */
  async get(): Promise<string> {
    return typeof this.#token === 'string' ? this.#token : this.#token();
  }

  /** For the socket that we have. Resolves with whether it lives on beyond this moment; never rejects. */
  async renew(expiresAt: Date, connection: SignalingConnection): Promise<boolean> {
    const isKnown = this.#expiringAt === expiresAt.getTime();
    this.#expiringAt = expiresAt.getTime();
    // Told once more about the same moment: the token that we got was no fresher than the one before.
    if (isKnown || !this.#getToken) return false;
    for (let attempt = 1; attempt <= MAX_ATTEMPTS && !this.#signal.aborted; attempt += 1) {
      try {
        const token = await this.#getToken();
        await connection.request('refresh-token', { token });
        if (typeof this.#token === 'string') this.#token = token;
        return true;
      } catch (error) {
        // The next socket begins with a token of its own.
        if (isConnectionLost(error)) return true;
        const isRefused = error instanceof CallError && error.code !== 'timeout';
        if (isRefused) return false;
      }
      await waitToReconnect(RETRY_DELAY_MS, this.#signal);
    }
    return false;
  }
}
