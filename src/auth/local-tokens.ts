/** Kaa's own tokens: HS256, `iss: "kaa"`, signed by the one secret of this installation. */
import { jwt } from '@elysiajs/jwt';
import type { Claims } from './identity.ts';
import { invalidToken, type Verifier } from './verifier.ts';

export const LOCAL_ISSUER = 'kaa';

const VERIFY_OPTIONS = { issuer: LOCAL_ISSUER, algorithms: ['HS256'], requiredClaims: ['sub', 'exp'] };

export class LocalTokens implements Verifier {
  readonly #signer: ReturnType<typeof signerFor>;

  /** `secret` is used as it is; the configuration has checked its length. */
  constructor(secret: string) {
    this.#signer = signerFor(secret);
  }

  sign(claims: Omit<Claims, 'iss'>): Promise<string> {
    return this.#signer.sign({ ...claims, iss: LOCAL_ISSUER });
  }

  async verify(token: string): Promise<unknown> {
    const payload: unknown = await this.#signer.verify(token, VERIFY_OPTIONS);
    if (payload === false) throw invalidToken();
    return payload;
  }
}

/** `@elysiajs/jwt` is a plugin; its signer is taken out of it, because sockets and commands need it too. */
function signerFor(secret: string) {
  return jwt({ name: 'jwt', secret, alg: 'HS256' }).decorator.jwt;
}
