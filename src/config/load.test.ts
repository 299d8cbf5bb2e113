import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Config, loadConfig } from './load.ts';
import { ConfigError } from './problems.ts';
import type { Env } from './source.ts';

const SECRET = 'c2VjcmV0IG9mIGEgdGVzdCB0aGF0IGlzIGxvbmcgZW5vdWdo';
const PRODUCTION = { NODE_ENV: 'production', JWT_SECRET: SECRET, WEBRTC_ANNOUNCED_ADDRESS: '203.0.113.7' };

let cwd: string;
beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'kaa-config-'));
});
afterAll(() => rm(cwd, { recursive: true }));

function load(env: Env = {}): Config {
  return loadConfig({ env, cwd, cores: 4 });
}

function failure(env: Env): ConfigError {
  try {
    load(env);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error('it was accepted');
}

function problemNames(env: Env): string[] {
  return failure(env).problems.map((problem) => problem.name);
}

describe('environments', () => {
  test('without any setting it is development, on loopback, with PGlite in ./data', () => {
    expect(load()).toMatchObject({
      environment: 'development',
      dataDir: join(cwd, 'data'),
      http: { host: '127.0.0.1', port: 3000, allowsLocalOrigins: true, corsOrigins: [], trustProxy: [] },
      database: { kind: 'pglite', dataDir: join(cwd, 'data', 'pglite') },
      webrtc: { listenIp: '127.0.0.1', port: 40_000, workers: 4, iceServers: [] },
      calls: { autoCreate: true, emptyTimeoutMs: 60_000, maxDurationMs: 86_400_000, maxParticipants: 50 },
      signaling: {
        maxMessageBytes: 65_536,
        messagesPerSecond: 50,
        messageBurst: 200,
        maxUnsentBytes: 1_048_576,
      },
      auth: {},
      drainTimeoutMs: 30_000,
    });
  });

  test('production listens to the world and trusts nobody by default', () => {
    expect(load(PRODUCTION)).toMatchObject({
      environment: 'production',
      http: { host: '0.0.0.0', allowsLocalOrigins: false, corsOrigins: [], trustProxy: [] },
      webrtc: { listenIp: '0.0.0.0', announcedAddress: '203.0.113.7' },
      calls: { autoCreate: false },
      auth: { jwtSecret: SECRET },
    });
  });

  test('production names everything that is wrong in one list', () => {
    const env = {
      NODE_ENV: 'production',
      DATA_DIR: '/proc/kaa',
      DB_HOST: 'db',
      DB_USER: 'streaming_user',
      DB_NAME: 'vod_db',
      DB_PASSWORD: 'streaming_pass',
      CALL_AUTO_CREATE: 'on',
      CALL_EMPTY_TIMEOUT: 'soon',
    };
    expect(problemNames(env).sort()).toEqual([
      'CALL_AUTO_CREATE',
      'CALL_EMPTY_TIMEOUT',
      'DATA_DIR',
      'DB_PASSWORD',
      'JWT_SECRET',
      'WEBRTC_ANNOUNCED_ADDRESS',
    ]);
  });

  test('an unknown environment is a problem, and is held to the rules of production', () => {
    expect(problemNames({ NODE_ENV: 'prod' })).toEqual([
      'NODE_ENV',
      'JWT_SECRET',
      'WEBRTC_ANNOUNCED_ADDRESS',
    ]);
  });

  test('the result cannot be changed, at any depth', () => {
    const config = load();
    expect(Object.isFrozen(config)).toBe(true);
    expect(Object.isFrozen(config.http.corsOrigins)).toBe(true);
    expect(Object.isFrozen(config.log)).toBe(true);
  });
});

describe('secrets', () => {
  test.each([
    ['hunter2-hunter2'],
    ['your-secret'],
    ['changeme-changeme-changeme-changeme'],
    ['x'.repeat(64)],
  ])('production refuses %s, and does not repeat it', (secret) => {
    const error = failure({ ...PRODUCTION, JWT_SECRET: secret });
    expect(error.problems.map((problem) => problem.name)).toEqual(['JWT_SECRET']);
    expect(error.message).not.toContain(secret);
  });

  test('length is counted in bytes, and 32 are enough', () => {
    expect(load({ ...PRODUCTION, JWT_SECRET: 'äöüéèàçñøåßêîôûâ' }).auth.jwtSecret).toBeDefined();
    expect(problemNames({ ...PRODUCTION, JWT_SECRET: 'abcdefghijklmnopqrstuvwxyz01234' })).toEqual([
      'JWT_SECRET',
    ]);
  });

  test('a database URL that cannot be read is not repeated', () => {
    expect(failure({ DATABASE_URL: 'mysql://kaa:hunter2@db/kaa' }).message).not.toContain('hunter2');
  });

  test('production refuses the sample password of a database and of a TURN server', () => {
    expect(problemNames({ ...PRODUCTION, DATABASE_URL: 'postgres://u:streaming_pass@db/x' })).toEqual([
      'DATABASE_URL',
    ]);
    const turn = { WEBRTC_TURN_SERVER_URL: 'turn:turn.example.com', WEBRTC_TURN_USERNAME: 'kim' };
    expect(problemNames({ ...PRODUCTION, ...turn, WEBRTC_TURN_PASSWORD: 'password' })).toEqual([
      'WEBRTC_TURN_PASSWORD',
    ]);
  });
});

describe('the port', () => {
  test.each(['PORT', 'HTTP_PORT', 'APP_PORT'])('may be called %s', (name) => {
    expect(load({ [name]: '8083' }).http.port).toBe(8083);
  });

  test('may be given twice with one value, not with two', () => {
    expect(load({ HTTP_PORT: '81', APP_PORT: '81' }).http.port).toBe(81);
    expect(problemNames({ PORT: '80', APP_PORT: '81' })).toEqual(['PORT and APP_PORT']);
  });

  test('may be any free one', () => {
    expect(load({ PORT: '0' }).http.port).toBe(0);
  });
});

describe('HTTP', () => {
  test('lists are separated by commas, and loopback is a word for proxies', () => {
    const { http } = load({
      CORS_ORIGINS: 'https://a.example, http://b.example:81,',
      TRUST_PROXY: 'loopback,10.0.0.0/8',
      PUBLIC_BASE_URL: 'https://calls.example.com/',
    });
    expect(http.corsOrigins).toEqual(['https://a.example', 'http://b.example:81']);
    expect(http.trustProxy).toEqual(['127.0.0.0/8', '::1/128', '10.0.0.0/8']);
    expect(http.publicBaseUrl).toBe('https://calls.example.com');
  });

  test('every origin at once cannot be allowed', () => {
    expect(problemNames({ CORS_ORIGINS: '*' })).toEqual(['CORS_ORIGINS']);
  });

  test('certificate and key come together, and must be readable', async () => {
    await writeFile(join(cwd, 'cert.pem'), '');
    expect(problemNames({ TLS_CERT: 'cert.pem' })).toEqual(['TLS_KEY']);
    expect(problemNames({ TLS_CERT: 'cert.pem', TLS_KEY: 'none.pem' })).toEqual(['TLS_KEY']);
    expect(load({ TLS_CERT: 'cert.pem', TLS_KEY: 'cert.pem' }).http.tls).toEqual({
      certPath: join(cwd, 'cert.pem'),
      keyPath: join(cwd, 'cert.pem'),
    });
  });
});

describe('a login provider', () => {
  const JWT_ISSUER = 'https://login.example.com/';
  const JWT_JWKS_URL = 'https://login.example.com/jwks.json';

  test('is named by its issuer and by where its keys are, both or none', () => {
    expect(load({ JWT_ISSUER, JWT_JWKS_URL }).auth.provider).toEqual({
      issuer: JWT_ISSUER,
      jwksUrl: JWT_JWKS_URL,
    });
    expect(problemNames({ JWT_ISSUER })).toEqual(['JWT_JWKS_URL']);
    expect(problemNames({ JWT_JWKS_URL })).toEqual(['JWT_ISSUER']);
    expect(problemNames({ JWT_ISSUER, JWT_JWKS_URL: 'file:///keys' })).toContain('JWT_JWKS_URL');
  });

  test('cannot call itself as the server does', () => {
    for (const own of ['kaa', 'kaa/resume']) {
      expect(problemNames({ JWT_ISSUER: own, JWT_JWKS_URL })).toEqual(['JWT_ISSUER']);
    }
    expect(load({ JWT_ISSUER: 'kaas', JWT_JWKS_URL }).auth.provider?.issuer).toBe('kaas');
  });
});

describe('WebRTC', () => {
  test('an address that nobody can reach needs one that is announced', () => {
    expect(problemNames({ WEBRTC_LISTEN_IP: '0.0.0.0' })).toEqual(['WEBRTC_ANNOUNCED_ADDRESS']);
    expect(problemNames({ WEBRTC_ANNOUNCED_ADDRESS: '::' })).toEqual(['WEBRTC_ANNOUNCED_ADDRESS']);
    expect(
      load({ WEBRTC_LISTEN_IP: '0.0.0.0', WEBRTC_ANNOUNCED_ADDRESS: 'sfu.example.com' }).webrtc,
    ).toMatchObject({
      listenIp: '0.0.0.0',
      announcedAddress: 'sfu.example.com',
    });
  });

  test('every worker needs a port', () => {
    expect(load({ WEBRTC_PORT: '65532' }).webrtc.port).toBe(65_532);
    expect(problemNames({ WEBRTC_PORT: '65533' })).toEqual(['WEBRTC_PORT']);
  });

  test('STUN servers need no credentials; TURN servers get the fixed ones', () => {
    const { webrtc } = load({
      WEBRTC_ICE_SERVERS: 'stun:a.example:3478,stun:b.example',
      WEBRTC_TURN_SERVER_URL: 'turn:c.example',
      WEBRTC_TURN_USERNAME: 'kim',
      WEBRTC_TURN_PASSWORD: 'hunter2',
    });
    expect(webrtc.iceServers).toEqual([
      { urls: ['stun:a.example:3478', 'stun:b.example'] },
      { urls: ['turn:c.example'], username: 'kim', credential: 'hunter2' },
    ]);
    expect(webrtc.turn).toBeUndefined();
  });

  test('with a shared secret TURN servers are kept apart, for credentials of a limited time', () => {
    const { webrtc } = load({ WEBRTC_ICE_SERVERS: 'turn:c.example', WEBRTC_TURN_SECRET: 's3' });
    expect(webrtc).toMatchObject({ iceServers: [], turn: { urls: ['turn:c.example'], secret: 's3' } });
  });

  test('a TURN server without a login, and a login without a TURN server, are problems', () => {
    expect(problemNames({ WEBRTC_ICE_SERVERS: 'turn:c.example' })).toEqual(['WEBRTC_TURN_SERVER_URL']);
    expect(problemNames({ WEBRTC_TURN_SECRET: 's3' })).toEqual(['WEBRTC_TURN_SERVER_URL']);
  });
});

describe('where the settings come from', () => {
  test('the file named by CONFIG_FILE, under the environment', async () => {
    await writeFile(
      join(cwd, 'kaa.env'),
      '# a comment\nPORT=81\nexport SERVICE_NAME="from the file"\nAPP_HOST=::1\n',
    );
    const config = load({ CONFIG_FILE: 'kaa.env', APP_HOST: '127.0.0.2' });
    expect(config.http).toMatchObject({ port: 81, host: '127.0.0.2' });
    expect(config.serviceName).toBe('from the file');
  });

  test('a file that is not there is a problem', () => {
    expect(problemNames({ CONFIG_FILE: 'none.env' })).toEqual(['CONFIG_FILE']);
  });

  test('a blank value is none', () => {
    expect(load({ PORT: ' ', JWT_SECRET: '' })).toMatchObject({ http: { port: 3000 }, auth: {} });
  });
});

describe('phone calls', () => {
  const TWILIO = {
    VOIP_PROVIDER: 'twilio',
    VOIP_ACCOUNT_SID: `AC${'0'.repeat(32)}`,
    VOIP_AUTH_TOKEN: 'b7e6f1c0a9d84e3f',
    VOIP_FROM_NUMBER: '+1 (201) 555-0100',
    PUBLIC_BASE_URL: 'https://kaa.example.com',
  };

  test('Twilio needs an account, a number in full and an address with https; what is missing is told together', () => {
    expect(load(TWILIO).voip).toMatchObject({ fromNumber: '+12015550100', provider: { kind: 'twilio' } });
    expect(problemNames({ VOIP_PROVIDER: 'twilio' })).toEqual([
      'VOIP_ACCOUNT_SID',
      'VOIP_AUTH_TOKEN',
      'VOIP_FROM_NUMBER',
      'PUBLIC_BASE_URL',
    ]);
    for (const [name, value] of [
      ['VOIP_ACCOUNT_SID', 'my-account'],
      ['VOIP_API_KEY', `AC${'0'.repeat(32)}`],
      ['VOIP_FROM_NUMBER', '12015550100'],
      ['VOIP_FROM_NUMBER', '+1201555'],
      ['PUBLIC_BASE_URL', 'http://kaa.example.com'],
    ] as const)
      expect(
        problemNames({ ...TWILIO, VOIP_API_SECRET: 'x', VOIP_API_KEY: `SK${'0'.repeat(32)}`, [name]: value }),
      ).toContain(name);
  });

  test('a country is one of those that telephones know', () => {
    expect(load({ VOIP_ALLOWED_COUNTRIES: 'us, GB' }).voip.allowedCountries).toEqual(['US', 'GB']);
    for (const countries of ['US,UK', 'Germany', '+49'])
      expect(problemNames({ VOIP_ALLOWED_COUNTRIES: countries })).toEqual(['VOIP_ALLOWED_COUNTRIES']);
  });
});

test('a problem tells what is wrong, what is expected, and how to mend it', () => {
  expect(failure({ PORT: '99999' }).message).toBe(
    'The configuration has one problem:\n\n' +
      '  PORT is "99999".\n' +
      '    Expected: a whole number from 0 to 65535.\n' +
      '    To mend it: correct it, or unset it (3000).\n',
  );
});
