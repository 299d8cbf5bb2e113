import { expect, test } from 'bun:test';
import { decodeProtectedHeader } from 'jose';
import { failureOf } from '../../test/support/failure.ts';
import { LocalTokens } from './local-tokens.ts';
import { ResumeTokens } from './resume-tokens.ts';

const SECRET = 'a-secret-that-is-long-enough-for-everybody';
const CLAIMS = { sub: 'zoë', roomId: 'room', callId: 'call', participantId: 'one', name: 'Zoë 👋' };

test('a resume token gives back what was put into it', async () => {
  const tokens = new ResumeTokens(SECRET);
  const token = tokens.issue(CLAIMS);
  expect(decodeProtectedHeader(token)).toEqual({ alg: 'HS256', typ: 'JWT' });
  const verified = await tokens.verify(token);
  expect(verified).toMatchObject(CLAIMS);
  const { iat, exp } = verified as unknown as { iat: number; exp: number };
  expect(exp - iat).toBe(24 * 60 * 60);
});

test('it is worth nothing elsewhere, and no other token is worth anything here', async () => {
  const tokens = new ResumeTokens(SECRET);
  const token = tokens.issue(CLAIMS);
  const [header, , signature] = token.split('.');
  const forged = Buffer.from(JSON.stringify({ ...CLAIMS, sub: 'ann', iss: 'kaa/resume', exp: 9e9 }));
  const local = new LocalTokens(SECRET);
  const access = await local.sign({ ...CLAIMS, roles: [], exp: 9e9 });
  for (const wrong of [access, `${header}.${forged.toString('base64url')}.${signature}`, `${token}x`]) {
    expect(await failureOf(tokens.verify(wrong))).toMatchObject({ code: 'unauthenticated' });
  }
  expect(await failureOf(new ResumeTokens(`${SECRET}!`).verify(token))).toMatchObject({
    code: 'unauthenticated',
  });
  expect(await failureOf(local.verify(token))).toBeInstanceOf(Error);
});
