/** Tokens that bring a participant back: signed, not stored, and good for nothing else. */
import { jwt } from '@elysiajs/jwt';
import { type Static, Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import { AppError } from '../lib/index.ts';

const ResumeClaims = Type.Object({
  sub: Type.String(),
  roomId: Type.String(),
  callId: Type.String(),
  participantId: Type.String(),
  name: Type.String(),
});
export type ResumeClaims = Static<typeof ResumeClaims>;

/** An issuer of its own, so that a resume token is never taken for an access token, nor the other way round. */
const ISSUER = 'kaa/resume';
const LIFETIME = '24h';

export class ResumeTokens {
  readonly #signer: ReturnType<typeof signerFor>;

  constructor(secret: string) {
    this.#signer = signerFor(secret);
  }

  issue(claims: ResumeClaims): Promise<string> {
    return this.#signer.sign({ ...claims, iss: ISSUER, exp: LIFETIME });
  }

  /** Throws `unauthenticated`. */
  async verify(token: string): Promise<ResumeClaims> {
    const payload: unknown = await this.#signer.verify(token, { issuer: ISSUER, algorithms: ['HS256'] });
    if (!Value.Check(ResumeClaims, payload)) {
      throw new AppError('unauthenticated', 'The resume token is not valid any more; join instead.');
    }
    return payload;
  }
}

function signerFor(secret: string) {
  return jwt({ name: 'jwt', secret, alg: 'HS256' }).decorator.jwt;
}
