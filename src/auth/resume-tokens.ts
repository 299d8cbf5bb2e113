/** Tokens that bring a participant back: signed, not stored, and good for nothing else. */
import { createHmac } from 'node:crypto';
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
  /** How media was negotiated; absent in tokens of earlier versions. */
  protocol: Type.Optional(Type.Union([Type.Literal('sdp'), Type.Literal('mediasoup'), Type.Literal('p2p')])),
});
export type ResumeClaims = Static<typeof ResumeClaims>;

/** An issuer of its own, so that a resume token is never taken for an access token, nor the other way round. */
const ISSUER = 'kaa/resume';
const LIFETIME_SECONDS = 24 * 60 * 60;
const HEADER = Buffer.from('{"alg":"HS256","typ":"JWT"}').toString('base64url');

export class ResumeTokens {
  readonly #secret: string;
  readonly #signer: ReturnType<typeof signerFor>;

  constructor(secret: string) {
    this.#secret = secret;
    this.#signer = signerFor(secret);
  }

  /**
   * A JWT as the signer makes them, but made at once: WebCrypto signs on another thread, and everybody who joins would
   * wait for that.
   */
  issue(claims: ResumeClaims): string {
    const iat = Math.floor(Date.now() / 1_000);
    const payload = { ...claims, iss: ISSUER, iat, exp: iat + LIFETIME_SECONDS };
    const content = `${HEADER}.${Buffer.from(JSON.stringify(payload)).toString('base64url')}`;
    return `${content}.${createHmac('sha256', this.#secret).update(content).digest('base64url')}`;
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
