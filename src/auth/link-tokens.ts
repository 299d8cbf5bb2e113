/** Tokens for what cannot send a header, `<video>` and EventSource: short, and good for one recording alone. */
import { jwt } from '@elysiajs/jwt';
import { type Static, Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import type { IssuedToken } from './tokens.ts';
import { invalidToken } from './verifier.ts';

const LinkClaims = Type.Object({ recordingId: Type.String() });
type LinkClaims = Static<typeof LinkClaims>;

/** An issuer of its own, so that a link is never taken for an access token, nor the other way round. */
const ISSUER = 'kaa/link';
const LIFETIME_MS = 10 * 60_000;

export class LinkTokens {
  readonly #signer: ReturnType<typeof signerFor>;

  constructor(secret: string) {
    this.#signer = signerFor(secret);
  }

  async issue(claims: LinkClaims): Promise<IssuedToken> {
    const expiresAt = new Date(Date.now() + LIFETIME_MS);
    const exp = Math.floor(expiresAt.getTime() / 1_000);
    return { token: await this.#signer.sign({ ...claims, iss: ISSUER, exp }), expiresAt };
  }

  /** Throws `unauthenticated`. */
  async verify(token: string): Promise<LinkClaims> {
    const payload: unknown = await this.#signer.verify(token, { issuer: ISSUER, algorithms: ['HS256'] });
    if (!Value.Check(LinkClaims, payload)) throw invalidToken();
    return payload;
  }
}

function signerFor(secret: string) {
  return jwt({ name: 'jwt', secret, alg: 'HS256' }).decorator.jwt;
}
