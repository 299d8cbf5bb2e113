import { expect, test } from 'bun:test';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigError, loadConfig } from '../index.ts';

const cwd = mkdtempSync(join(tmpdir(), 'kaa-consul-config-'));
const load = (env: Readonly<Record<string, string>>) => loadConfig({ cwd, env }).consul;

function problemsOf(env: Readonly<Record<string, string>>): string[] {
  try {
    load(env);
    return [];
  } catch (error) {
    return error instanceof ConfigError ? error.problems.map(({ name, what }) => `${name} ${what}`) : [];
  }
}

test('without an address Consul is not used, whatever else is set', () => {
  expect(load({ CONSUL_HTTP_TOKEN: 'x', SERVICE_TAGS: 'a' })).toBeUndefined();
});

test.each([
  [{ CONSUL_HTTP_ADDR: '127.0.0.1:8500' }, { baseUrl: 'http://127.0.0.1:8500' }],
  [{ CONSUL_HTTP_ADDR: 'consul:8501', CONSUL_HTTP_SSL: 'true' }, { baseUrl: 'https://consul:8501' }],
  [{ CONSUL_HTTP_ADDR: '[::1]:8500' }, { baseUrl: 'http://[::1]:8500' }],
  [{ CONSUL_HTTP_ADDR: 'https://example.com/consul/' }, { baseUrl: 'https://example.com/consul' }],
  [
    { CONSUL_HTTP_ADDR: 'unix:///run/consul.sock' },
    { baseUrl: 'http://localhost', unixSocket: '/run/consul.sock' },
  ],
])('%j is read as its own programs read it', (env, expected) => {
  expect(load(env)).toMatchObject(expected);
});

test('a word that is no address, a file that is not there and half a pair are told together', () => {
  writeFileSync(join(cwd, 'cert.pem'), 'x');
  expect(
    problemsOf({
      CONSUL_HTTP_ADDR: 'ftp://consul',
    }),
  ).toEqual(['CONSUL_HTTP_ADDR is "ftp://consul"']);
  expect(
    problemsOf({
      CONSUL_HTTP_ADDR: '127.0.0.1:8500',
      CONSUL_HTTP_TOKEN_FILE: 'token',
      CONSUL_CLIENT_CERT: 'cert.pem',
    }),
  ).toEqual([
    `CONSUL_HTTP_TOKEN_FILE names ${join(cwd, 'token')}, which cannot be read`,
    'CONSUL_CLIENT_KEY is missing, but CONSUL_CLIENT_CERT is set',
  ]);
});
