import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { SignJWT } from 'jose';
import pino from 'pino';
import { failureOf } from '../../test/support/failure.ts';
import { LoginProvider } from '../../test/support/login-provider.ts';
import { Tokens } from './tokens.ts';

const SECRET = 'a-secret-of-the-tests-that-is-long-enough';
const RETRY_MS = 100;

let provider: LoginProvider;
beforeAll(async () => {
  provider = await LoginProvider.start();
});
afterAll(() => provider.stop());

function newTokens(options: { cooldownMs?: number; lines?: string[] } = {}): Tokens {
  const { cooldownMs = 0, lines = [] } = options;
  const { issuer, jwksUrl } = provider;
  const logger = pino({}, { write: (line: string) => lines.push(line) });
  return new Tokens(SECRET, { issuer, jwksUrl, logger, cooldownMs, retryMs: RETRY_MS });
}

function hmac(secret: string, claims: Record<string, unknown>, header: Record<string, unknown> = {}) {
  return new SignJWT({ sub: 'alice', exp: Math.floor(Date.now() / 1_000) + 60, ...claims })
    .setProtectedHeader({ alg: 'HS256', ...header })
    .sign(new TextEncoder().encode(secret));
}

describe('tokens of a login provider', () => {
  test('are taken with RS256 and ES256, with the same claims as those of Kaa', async () => {
    const tokens = newTokens();
    for (const kid of ['rsa-1', 'ec-1']) {
      const token = await provider.sign(kid, {
        name: 'Alice',
        roles: ['host'],
        grants: { standup: { data: true } },
      });
      const identity = await tokens.verify(token);
      expect(identity).toMatchObject({ userId: 'alice', name: 'Alice', roles: new Set(['host']) });
      expect(identity.grants?.get('standup')).toEqual({ data: true });
    }
  });

  test('leave Kaa its own, whose issuer needs no keys of others', async () => {
    const before = provider.requests;
    const tokens = newTokens();
    const { token } = await tokens.issue({ userId: 'bob', lifetimeSeconds: 60 });
    expect((await tokens.verify(token)).userId).toBe('bob');
    expect(provider.requests).toBe(before);
  });

  test('are fetched keys for once, however many come at the same time', async () => {
    const tokens = newTokens({ cooldownMs: 60_000 });
    const token = await provider.sign('rsa-1');
    const before = provider.requests;
    await Promise.all(Array.from({ length: 20 }, () => tokens.verify(token)));
    await tokens.verify(token);
    expect(provider.requests).toBe(before + 1);
  });

  test('of a key that is new are taken, and of one that was withdrawn no more', async () => {
    const tokens = newTokens();
    await tokens.verify(await provider.sign('rsa-1'));
    await provider.addKey('rsa-2', 'RS256');
    const oldToken = await provider.sign('rsa-2', { sub: 'old' });
    expect((await tokens.verify(oldToken)).userId).toBe('old');
    await provider.addKey('rsa-3', 'RS256');
    provider.withdrawKey('rsa-2');
    expect((await tokens.verify(await provider.sign('rsa-3'))).userId).toBe('alice');
    expect(await failureOf(tokens.verify(oldToken))).toMatchObject({ code: 'unauthenticated' });
    provider.withdrawKey('rsa-3');
  });

  test('that are forged, foreign or old are refused', async () => {
    const tokens = newTokens();
    const { issuer } = provider;
    const rsaText = await provider.publicText('rsa-1');
    const [, payload] = (await provider.sign('rsa-1', { sub: 'root' })).split('.');
    const [header, , signature] = (await provider.sign('ec-1')).split('.');
    const refused = {
      'HS256 with the public key for a secret': await hmac(rsaText, { iss: issuer }, { kid: 'rsa-1' }),
      'HS256 with the secret of Kaa': await hmac(SECRET, { iss: issuer }),
      'no signature': `${btoa('{"alg":"none","kid":"rsa-1"}').replaceAll('=', '')}.${payload}.`,
      'the signature of another token': `${header}.${payload}.${signature}`,
      "the provider's key and the issuer of Kaa": await provider.sign('rsa-1', { iss: 'kaa' }),
      "the provider's key and the issuer of resume tokens": await provider.sign('rsa-1', {
        iss: 'kaa/resume',
      }),
      'another issuer': await provider.sign('rsa-1', { iss: 'https://evil.example/' }),
      'no issuer': await provider.sign('rsa-1', { iss: undefined }),
      'a key that is not there': await provider.sign('rsa-1', {}, { kid: 'rsa-99' }),
      'the id of another key': await provider.sign('rsa-1', {}, { kid: 'ec-1' }),
      expired: await provider.sign('rsa-1', { exp: Math.floor(Date.now() / 1_000) - 1 }),
      'not valid yet': await provider.sign('rsa-1', { nbf: Math.floor(Date.now() / 1_000) + 60 }),
      'without an end': await provider.sign('rsa-1', { exp: undefined }),
      'with an end that is no date': await provider.sign('rsa-1', { exp: 1e300 }),
      'for nobody': await provider.sign('rsa-1', { sub: undefined }),
      'for a reserved user': await provider.sign('rsa-1', { sub: 'sfu' }),
      'a role that is none': await provider.sign('rsa-1', { roles: ['king'] }),
    };
    for (const [what, token] of Object.entries(refused)) {
      const failure = await tokens.verify(token).catch((error: unknown) => error);
      expect({ what, failure }).toMatchObject({ what, failure: { code: 'unauthenticated' } });
    }
    expect((await tokens.verify(await provider.sign('rsa-1'))).userId).toBe('alice');
  });

  test('of another algorithm are refused before anybody is asked for keys', async () => {
    const tokens = newTokens();
    const before = provider.requests;
    const forged = await hmac(await provider.publicText('rsa-1'), { iss: provider.issuer }, { kid: 'rsa-1' });
    await failureOf(tokens.verify(forged));
    expect(provider.requests).toBe(before);
  });
});

describe('a login provider that is away', () => {
  const failures = {
    'answers 500': () => new Response('broken', { status: 500 }),
    'answers with what is no key set': () => Response.json({ hello: 'world' }),
    'answers with what is no JSON': () => new Response('<html>'),
    'redirects elsewhere': () => Response.redirect('http://127.0.0.1:1/jwks.json'),
  };

  test.each(Object.entries(failures))(
    'or that %s makes its tokens unavailable, not invalid',
    async (_, answer) => {
      const tokens = newTokens();
      provider.failure = answer;
      const failure = await failureOf(tokens.verify(await provider.sign('rsa-1')));
      provider.failure = undefined;
      expect(failure).toMatchObject({ code: 'unavailable', fault: 'destination', retryAfterSeconds: 1 });
      const { token } = await tokens.issue({ userId: 'bob', lifetimeSeconds: 60 });
      expect((await tokens.verify(token)).userId).toBe('bob');
    },
  );

  test('is left alone for a while, is logged once, and its tokens are taken when it is back', async () => {
    const lines: string[] = [];
    const tokens = newTokens({ lines });
    const token = await provider.sign('rsa-1');
    provider.failure = () => new Response('broken', { status: 500 });
    const before = provider.requests;
    for (let count = 0; count < 10; count += 1) await failureOf(tokens.verify(token));
    expect(provider.requests).toBe(before + 1);
    await Bun.sleep(RETRY_MS);
    await failureOf(tokens.verify(token));
    expect(provider.requests).toBe(before + 2);
    expect(lines).toHaveLength(1);
    provider.failure = undefined;
    await Bun.sleep(RETRY_MS);
    expect((await tokens.verify(token)).userId).toBe('alice');
    expect(lines).toHaveLength(2);
    expect(lines.join()).not.toContain(token);
  });

  test('keeps being believed with the keys that are known', async () => {
    const tokens = newTokens();
    await tokens.verify(await provider.sign('ec-1'));
    provider.failure = () => new Response('broken', { status: 500 });
    const unknown = await provider.sign('rsa-1', {}, { kid: 'unknown' });
    expect(await failureOf(tokens.verify(unknown))).toMatchObject({ code: 'unavailable' });
    expect((await tokens.verify(await provider.sign('rsa-1'))).userId).toBe('alice');
    provider.failure = undefined;
  });

  test('and cannot be reached at all makes its tokens unavailable too', async () => {
    const gone = await LoginProvider.start();
    const token = await gone.sign('rsa-1');
    const { issuer, jwksUrl } = gone;
    await gone.stop();
    const tokens = new Tokens(SECRET, { issuer, jwksUrl, logger: pino({ level: 'silent' }) });
    expect(await failureOf(tokens.verify(token))).toMatchObject({ code: 'unavailable' });
  });
});
