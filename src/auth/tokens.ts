/** Issues Kaa's tokens, and verifies those of every issuer that it believes: which one is decided by `iss` alone. */
import { Value } from '@sinclair/typebox/value';
import { decodeJwt } from 'jose';
import { findUnfitJson } from '../lib/index.ts';
import { RESERVED_USER_IDS } from '../protocol/index.ts';
import { Claims, type Grant, type Identity, type Role, toIdentity } from './identity.ts';
import { JwksVerifier, type JwksVerifierOptions } from './jwks-verifier.ts';
import { LOCAL_ISSUER, LocalTokens } from './local-tokens.ts';
import { invalidToken, type Verifier } from './verifier.ts';

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

export class Tokens {
  readonly #local: LocalTokens;
  /** By `iss`. The token's `alg` has no say: whoever forges a token chooses it. */
  readonly #verifiers: ReadonlyMap<string, Verifier>;

  /** `provider`: a login provider whose tokens are taken beside Kaa's own. */
  constructor(secret: string, provider?: JwksVerifierOptions) {
    this.#local = new LocalTokens(secret);
    this.#verifiers = new Map<string, Verifier>([
      ...(provider ? [[provider.issuer, new JwksVerifier(provider)] as const] : []),
      [LOCAL_ISSUER, this.#local],
    ]);
  }

  async issue(request: TokenRequest): Promise<IssuedToken> {
    const expiresAt = new Date(Date.now() + request.lifetimeSeconds * 1_000);
    const token = await this.#local.sign({
      sub: request.userId,
      ...(request.name === undefined ? {} : { name: request.name }),
      roles: [...(request.roles ?? [])],
      ...(request.grants === undefined ? {} : { grants: request.grants }),
      exp: Math.floor(expiresAt.getTime() / 1_000),
    });
    return { token, expiresAt };
  }

  /** Throws `unauthenticated`, or `unavailable` while the keys of the token's issuer cannot be had. */
  async verify(token: string): Promise<Identity> {
    const verifier = this.#verifiers.get(issuerOf(token) ?? '');
    if (!verifier) throw invalidToken();
    const claims = await verifier.verify(token);
    if (!Value.Check(Claims, claims) || findUnfitJson(claims) !== undefined) throw invalidToken();
    if (RESERVED_USER_IDS.includes(claims.sub)) throw invalidToken();
    return toIdentity(claims);
  }
}

/** Not verified yet: only says whom to ask. */
function issuerOf(token: string): string | undefined {
  try {
    const { iss } = decodeJwt(token);
    return typeof iss === 'string' ? iss : undefined;
  } catch {
    return undefined;
  }
}
