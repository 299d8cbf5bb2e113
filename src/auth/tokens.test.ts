import { describe, expect, test } from 'bun:test';
import { SignJWT } from 'jose';
import { failureOf } from '../../test/support/failure.ts';
import { Tokens } from './tokens.ts';

const SECRET = 'a-secret-of-the-tests-that-is-long-enough';
const key = new TextEncoder().encode(SECRET);
const tokens = new Tokens(SECRET);

function forge(claims: Record<string, unknown>, alg = 'HS256'): Promise<string> {
  return new SignJWT({ iss: 'kaa', sub: 'alice', exp: Date.now() / 1_000 + 60, ...claims })
    .setProtectedHeader({ alg })
    .sign(key);
}

describe('Tokens', () => {
  test('an issued token says who it is for, with which roles and grants, and until when', async () => {
    const { token, expiresAt } = await tokens.issue({
      userId: 'alice',
      name: 'Alice',
      roles: ['host'],
      grants: { standup: { subscribe: true } },
      lifetimeSeconds: 60,
    });
    const identity = await tokens.verify(token);
    expect(identity).toMatchObject({ userId: 'alice', name: 'Alice' });
    expect([...identity.roles]).toEqual(['host']);
    expect(identity.grants?.get('standup')).toEqual({ subscribe: true });
    expect(Math.abs(identity.expiresAt.getTime() - expiresAt.getTime())).toBeLessThan(1_000);
  });

  test('a token of another secret, another issuer, another algorithm or an earlier time is refused', async () => {
    const foreign = await new Tokens('another-secret-that-is-long-enough-too').issue({
      userId: 'alice',
      lifetimeSeconds: 60,
    });
    const unsigned = `${btoa('{"alg":"none"}')}.${btoa('{"iss":"kaa","sub":"alice","exp":9999999999}')}.`;
    const refused = [
      foreign.token,
      await forge({ iss: 'elsewhere' }),
      await forge({ exp: 1 }),
      await forge({}, 'HS384'),
      unsigned,
      '',
      'a.b.c',
    ];
    for (const token of refused) {
      expect(await failureOf(tokens.verify(token))).toMatchObject({ code: 'unauthenticated' });
    }
  });

  test('claims of the wrong form, and reserved users, are refused', async () => {
    const claims = [
      { sub: 'sfu' },
      { sub: 'a b' },
      { roles: ['king'] },
      { roles: 'admin' },
      { grants: { x: 1 } },
      { name: 'a\0b' },
    ];
    for (const wrong of claims) {
      expect(await failureOf(tokens.verify(await forge(wrong)))).toMatchObject({ code: 'unauthenticated' });
    }
    expect((await tokens.verify(await forge({}))).userId).toBe('alice');
  });
});
