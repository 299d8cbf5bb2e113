/** Tokens of a login provider: RS256 or ES256, checked with the keys that the provider publishes (RFC 7517). */
import { createRemoteJWKSet, errors, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { AppError } from '../lib/index.ts';
import type { Logger } from '../observability/index.ts';
import { invalidToken, type Verifier } from './verifier.ts';

export interface JwksVerifierOptions {
  /** The `iss` of the provider's tokens. */
  readonly issuer: string;
  readonly jwksUrl: string;
  readonly logger: Logger;
  /** How soon an unknown key makes the keys be fetched again; in milliseconds. */
  readonly cooldownMs?: number;
  /** How long a provider that failed is left alone; in milliseconds. */
  readonly retryMs?: number;
}

const ALGORITHMS = ['RS256', 'ES256'];
const FETCH_TIMEOUT_MS = 5_000;
/** Keys that the provider withdraws are believed this long. */
const CACHE_MS = 10 * 60_000;
const COOLDOWN_MS = 10_000;
const RETRY_MS = 2_000;

export class JwksVerifier implements Verifier {
  readonly #issuer: string;
  readonly #keys: ReturnType<typeof createRemoteJWKSet>;
  readonly #logger: Logger;
  readonly #retryMs: number;
  /** When the provider may be asked again; undefined while it answers. */
  #awayUntilMs: number | undefined;

  constructor({ issuer, jwksUrl, logger, cooldownMs, retryMs }: JwksVerifierOptions) {
    this.#issuer = issuer;
    this.#logger = logger;
    this.#retryMs = retryMs ?? RETRY_MS;
    this.#keys = createRemoteJWKSet(new URL(jwksUrl), {
      timeoutDuration: FETCH_TIMEOUT_MS,
      cooldownDuration: cooldownMs ?? COOLDOWN_MS,
      cacheMaxAge: CACHE_MS,
    });
  }

  async verify(token: string): Promise<unknown> {
    try {
      const { payload } = await jwtVerify(token, this.#findKey, {
        issuer: this.#issuer,
        algorithms: ALGORITHMS,
        requiredClaims: ['sub', 'exp'],
      });
      return payload;
    } catch (error) {
      throw error instanceof AppError ? error : invalidToken();
    }
  }

  /** A key that the provider does not have is the token's fault; keys that cannot be had are the provider's. */
  readonly #findKey: JWTVerifyGetKey = async (header, token) => {
    // Strangers choose the tokens: they must not make us ask a provider over and over that does not answer.
    if (this.#isAway && !this.#keys.fresh) throw this.#unavailable();
    try {
      const key = await this.#keys(header, token);
      this.#isBack();
      return key;
    } catch (error) {
      if (isFaultOfToken(error)) throw invalidToken();
      throw this.#failed(error);
    }
  };

  get #isAway(): boolean {
    return this.#awayUntilMs !== undefined && performance.now() < this.#awayUntilMs;
  }

  #isBack(): void {
    if (this.#awayUntilMs === undefined) return;
    this.#awayUntilMs = undefined;
    this.#logger.info({ issuer: this.#issuer }, 'the keys of the login provider can be fetched again');
  }

  #failed(error: unknown): AppError {
    if (this.#awayUntilMs === undefined) {
      this.#logger.warn(
        { err: error, issuer: this.#issuer },
        'the keys of the login provider cannot be fetched',
      );
    }
    this.#awayUntilMs = performance.now() + this.#retryMs;
    return this.#unavailable(error);
  }

  #unavailable(cause?: unknown): AppError {
    return new AppError('unavailable', 'The token cannot be checked now; try again soon.', 'destination', {
      retryAfterSeconds: Math.ceil(this.#retryMs / 1_000),
      ...(cause === undefined ? {} : { cause }),
    });
  }
}

/** Several keys fit only a token that does not name its key, and such a token is not worth trying them all. */
function isFaultOfToken(error: unknown): boolean {
  return (
    error instanceof errors.JWKSNoMatchingKey ||
    error instanceof errors.JWKSMultipleMatchingKeys ||
    error instanceof errors.JOSENotSupported
  );
}
