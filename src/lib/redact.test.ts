import { describe, expect, test } from 'bun:test';
import { redact, redactUrl } from './redact.ts';

const JWT = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.c2lnbmF0dXJl';

describe('redactUrl', () => {
  test('takes tokens out of queries and fragments, and who logs in, and leaves the rest', () => {
    const cases = {
      'https://kaa.example/x?token=s3cret&page=2': 'https://kaa.example/x?token=[redacted]&page=2',
      'https://kaa.example/call/standup#token=s3cret': 'https://kaa.example/call/standup#token=[redacted]',
      'wss://kaa.example/ws?a=1&access_token=s3cret#top':
        'wss://kaa.example/ws?a=1&access_token=[redacted]#top',
      'https://s3.example/a?X-Amz-Signature=abc&X-Amz-Date=1':
        'https://s3.example/a?X-Amz-Signature=[redacted]&X-Amz-Date=1',
      'postgres://kaa:p4ss@db:5432/kaa': 'postgres://[redacted]@db:5432/kaa',
      'https://t0ken@git.example/a@b': 'https://[redacted]@git.example/a@b',
      '/video-calls/ws?token=s3cret': '/video-calls/ws?token=[redacted]',
      'https://kaa.example/tokens/7?broken=no&monkey=1': 'https://kaa.example/tokens/7?broken=no&monkey=1',
    };
    for (const [url, expected] of Object.entries(cases)) expect(redactUrl(url)).toBe(expected);
    expect(redactUrl(new URL('https://a.example/?token=x'))).toBe('https://a.example/?token=[redacted]');
  });
});

describe('redact', () => {
  test('takes tokens out of any text, however they stand in it', () => {
    for (const text of [
      JWT,
      `got "${JWT}"!`,
      `first\n${JWT}`,
      `Authorization: Bearer ${JWT}`,
      `bearer, ${JWT}`,
    ]) {
      expect(redact(text)).not.toContain('eyJ');
      expect(JSON.parse(redact(JSON.stringify({ text }))).text).not.toContain('eyJ');
    }
    expect(redact('Bearer 0123456789abcdef0123456789')).toBe('Bearer [redacted]');
    expect(redact('Authorization: Basic dXNlcjphIHBhc3N3b3JkIHRvbw==')).toBe(
      'Authorization: Basic [redacted]',
    );
    expect(redact('basic authentication')).toBe('basic authentication');
    expect(redact(`cannot fetch http://a.example/?token=abc for ${JWT}.`)).toBe(
      'cannot fetch http://a.example/?token=[redacted] for [redacted].',
    );
  });

  test('leaves text without secrets as it is', () => {
    const text = 'A valid token is needed: send "Authorization: Bearer <token>". eyJ is how one begins.';
    expect(redact(text)).toBe(text);
  });

  test('takes no long over long text', () => {
    const startedAt = performance.now();
    for (const part of ['-eyJ', 'a.', '?token', '://a', 'bearer ', 'basic ', 'eyJaaaa.'])
      redact(part.repeat(100_000));
    expect(performance.now() - startedAt).toBeLessThan(1_000);
  });
});
