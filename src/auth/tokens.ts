/** Issues and verifies Kaa's own tokens: HS256, `iss: "kaa"`, signed by the one secret of this installation. */
import { jwt } from '@elysiajs/jwt';
import { Value } from '@sinclair/typebox/value';
import { AppError, findUnfitJson } from '../lib/index.ts';
import { RESERVED_USER_IDS } from '../protocol/index.ts';
import { Claims, type Grant, type Identity, type Role, toIdentity } from './identity.ts';

export interface TokenRequest {
  readonly userId: string;
  readonly name?: string;
  readonly roles?: readonly Role[];
  readonly grants?: Readonly<Record<string, Grant>>;
  readonly lifetimeSeconds: number;
}

export interface IssuedToken {
  readonly token: string;
  readonly expiresAt: Date;
}

const ISSUER = 'kaa';
const VERIFY_OPTIONS = { issuer: ISSUER, algorithms: ['HS256'], requiredClaims: ['sub', 'exp'] };

export class Tokens {
  readonly #signer: ReturnType<typeof signerFor>;

  /** `secret` is used as it is; the configuration has checked its length. */
  constructor(secret: string) {
    this.#signer = signerFor(secret);
  }

  async issue(request: TokenRequest): Promise<IssuedToken> {
    const expiresAt = new Date(Date.now() + request.lifetimeSeconds * 1_000);
    const token = await this.#signer.sign({
      iss: ISSUER,
      sub: request.userId,
      ...(request.name === undefined ? {} : { name: request.name }),
      roles: [...(request.roles ?? [])],
      ...(request.grants === undefined ? {} : { grants: request.grants }),
      exp: Math.floor(expiresAt.getTime() / 1_000),
    });
    return { token, expiresAt };
  }

  /** Throws `unauthenticated`, without saying what exactly is wrong with the token. */
  async verify(token: string): Promise<Identity> {
    const payload: unknown = await this.#signer.verify(token, VERIFY_OPTIONS);
    if (!Value.Check(Claims, payload) || findUnfitJson(payload) !== undefined) throw unauthenticated();
    if (RESERVED_USER_IDS.includes(payload.sub)) throw unauthenticated();
    return toIdentity(payload);
  }
}

export function unauthenticated(
  message = 'A valid token is needed: send "Authorization: Bearer <token>".',
): AppError {
  return new AppError('unauthenticated', message);
}

/** `@elysiajs/jwt` is a plugin; its signer is taken out of it, because sockets and commands need it too. */
function signerFor(secret: string) {
  return jwt({ name: 'jwt', secret, alg: 'HS256' }).decorator.jwt;
}
