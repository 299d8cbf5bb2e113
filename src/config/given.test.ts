import { afterAll, beforeAll, expect, test } from 'bun:test';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { GivenSettings } from './given.ts';
import { type LoadConfigOptions, loadConfig } from './load.ts';
import { ConfigError } from './problems.ts';

let cwd: string;
beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'kaa-config-'));
});
afterAll(() => rm(cwd, { recursive: true }));

function load(given: GivenSettings, options: LoadConfigOptions = {}) {
  return loadConfig({ env: {}, cwd, cores: 4, given, ...options });
}

function problemNames(given: GivenSettings, options: LoadConfigOptions = {}): string[] {
  try {
    load(given, options);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.map(({ name }) => name);
    throw error;
  }
  return [];
}

test('what a program gives wins over the environment, which is asked for the rest', () => {
  const env = { CALL_MAX_PARTICIPANTS: '7', RECONNECT_GRACE: '5s' };
  expect(load({ CALL_MAX_PARTICIPANTS: 9 }, { env }).calls).toMatchObject({
    maxParticipants: 9,
    reconnectGraceMs: 5_000,
  });
  for (const leftOut of [undefined, ' ']) {
    expect(load({ CALL_MAX_PARTICIPANTS: leftOut }, { env }).calls.maxParticipants).toBe(7);
  }
  const none = load({ WEBRTC_ICE_SERVERS: [] }, { env: { WEBRTC_ICE_SERVERS: 'stun:a.example' } });
  expect(none.webrtc.iceServers).toEqual([]);
});

test('texts, numbers, booleans and lists mean what their texts mean in the environment', () => {
  const config = load({
    CALL_AUTO_CREATE: false,
    RECONNECT_GRACE: '1500ms',
    WEBRTC_WORKERS: 3,
    WEBRTC_ICE_SERVERS: ['stun:a.example', 'stun:b.example:3478'],
  });
  expect(config.calls).toMatchObject({ autoCreate: false, reconnectGraceMs: 1_500 });
  expect(config.webrtc).toMatchObject({
    workers: 3,
    iceServers: [{ urls: ['stun:a.example', 'stun:b.example:3478'] }],
  });
});

test('what is given is checked by the same rules, all at once, together with what was found before', () => {
  const wrong = { WEBRTC_WORKERS: 0, NODE_ENV: 'production', CALL_TIMEOUT: '1s', JWT_SECRET: null };
  const found = { name: 'option', what: 'is wrong', expected: 'better', remedy: 'mend it' };
  const names = problemNames(wrong as unknown as GivenSettings, { problems: [found] });
  expect(names.sort()).toEqual([
    'CALL_TIMEOUT',
    'JWT_SECRET',
    'JWT_SECRET',
    'WEBRTC_ANNOUNCED_ADDRESS',
    'WEBRTC_WORKERS',
    'option',
  ]);
});

test('a file that is named is read', async () => {
  await Bun.write(join(cwd, 'given.env'), 'CALL_MAX_PARTICIPANTS=3\n');
  expect(load({ CONFIG_FILE: 'given.env' }).calls.maxParticipants).toBe(3);
});

test('the settings of a listener are neither read nor taken where somebody else listens', () => {
  const env = { PORT: 'a pipe', HTTP_PORT: '8080', APP_HOST: '!', TLS_CERT: '/nowhere.pem' };
  expect(problemNames({}, { env })).not.toEqual([]);
  expect(problemNames({}, { env, isMounted: true })).toEqual([]);
  expect(problemNames({ PORT: 3_000, TLS_KEY: 'key.pem' }, { isMounted: true })).toEqual(['PORT', 'TLS_KEY']);
});
