/** compose.yaml: that Compose itself takes it, and that Kaa takes what it is given there. */
import { expect, test } from 'bun:test';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { YAML } from 'bun';
import { loadConfig, settingGroups } from '../../../src/config/index.ts';

const PROJECT = join(import.meta.dir, '../../..');
const FILE = join(PROJECT, 'compose.yaml');
const COMPOSE = Bun.which('docker-compose');
/** As somebody would fill in `.env`. */
const ANSWERS: Readonly<Record<string, string>> = {
  JWT_SECRET: 'c2VjcmV0IG9mIHRoZSB0ZXN0cyB0aGF0IGlzIGxvbmcgZW5vdWdo',
  PUBLIC_BASE_URL: 'https://calls.example.com',
  WEBRTC_ANNOUNCED_ADDRESS: '203.0.113.7',
  WEBRTC_TURN_SERVER_URL: 'turn:203.0.113.7:3478',
  TURN_SECRET: '8c9f0e2d',
  POSTGRES_PASSWORD: '51c1b7e0f3',
  MINIO_PASSWORD: 'd2f1c97e4a',
  MINIO_PUBLIC_URL: 'https://files.example.com',
};

interface Service {
  readonly environment?: Readonly<Record<string, string>>;
  readonly ports?: readonly string[];
  readonly stop_grace_period?: string;
  readonly volumes?: readonly string[];
  readonly command?: readonly string[];
}

// The file is ours; what is wrong with it fails a test.
const compose = YAML.parse(await Bun.file(FILE).text()) as {
  services: Record<string, Service>;
  volumes: Record<string, null>;
};
const kaa = compose.services.kaa ?? {};

/** `${NAME}`, `${NAME:-default}` and `${NAME:?what to do}`, as Compose fills them in. */
function fillIn(text: string, answers: Readonly<Record<string, string>>): string {
  return text.replace(/\$\{(\w+)(?::([-?])([^}]*))?\}/g, (_, name: string, kind?: string, rest = '') => {
    const value = answers[name];
    if (value !== undefined) return value;
    if (kind === '-') return rest;
    throw new Error(`${name}: ${rest}`);
  });
}

test('has Kaa, a PostgreSQL, a MinIO, a TURN server, and a Redis for those who want one', () => {
  expect(Object.keys(compose.services).sort()).toEqual([
    'bucket',
    'coturn',
    'kaa',
    'minio',
    'postgres',
    'redis',
  ]);
  const mounted = Object.values(compose.services).flatMap(({ volumes = [] }) =>
    volumes.map((volume) => volume.split(':')[0]),
  );
  expect(mounted.sort()).toEqual(Object.keys(compose.volumes).sort());
});

test('Kaa takes the settings that it is given, in production', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'kaa-compose-'));
  try {
    const given = Object.entries(kaa.environment ?? {}).map(([name, text]) => [name, fillIn(text, ANSWERS)]);
    const known = new Set<string>(settingGroups.flatMap(({ settings }) => Object.keys(settings)));
    expect(given.map(([name = '']) => name).filter((name) => !known.has(name))).toEqual([]);
    const env = { ...Object.fromEntries(given), NODE_ENV: 'production', DATA_DIR: dataDir };
    const config = loadConfig({ env, cwd: dataDir });
    expect(config).toMatchObject({
      database: { kind: 'postgres' },
      storage: { provider: 's3', endpoint: 'http://minio:9000', publicEndpoint: 'https://files.example.com' },
      webrtc: { turn: { urls: ['turn:203.0.113.7:3478'], secret: ANSWERS.TURN_SECRET } },
    });
    const last = config.webrtc.port + config.webrtc.workers - 1;
    for (const protocol of ['udp', 'tcp']) {
      expect(kaa.ports).toContain(`${config.webrtc.port}-${last}:${config.webrtc.port}-${last}/${protocol}`);
    }
    expect(Number.parseInt(kaa.stop_grace_period ?? '', 10) * 1_000).toBeGreaterThan(config.drainTimeoutMs);
    // Without a TURN server it starts as well.
    const withoutTurn = { ...env, WEBRTC_TURN_SERVER_URL: '', WEBRTC_TURN_SECRET: '' };
    expect(loadConfig({ env: withoutTurn, cwd: dataDir }).webrtc.turn).toBeUndefined();
  } finally {
    await rm(dataDir, { recursive: true });
  }
});

test('has no password of its own: each is asked for, with how to make one', () => {
  for (const name of ['JWT_SECRET', 'TURN_SECRET', 'POSTGRES_PASSWORD', 'MINIO_PASSWORD']) {
    const { [name]: _, ...others } = ANSWERS;
    const texts = Object.values(kaa.environment ?? {});
    expect(() => texts.map((text) => fillIn(text, others))).toThrow(new RegExp(`${name}: .*openssl rand`));
  }
});

test.skipIf(COMPOSE === null)(
  `Compose takes it${COMPOSE ? '' : ': there is no docker-compose on this machine'}`,
  async () => {
    const run = async (answers: Readonly<Record<string, string>>) => {
      const child = Bun.spawn([COMPOSE ?? '', '--file', FILE, 'config', '--services'], {
        env: { PATH: process.env.PATH, ...answers },
        stdout: 'pipe',
        stderr: 'pipe',
      });
      const [out, err] = await Promise.all([
        new Response(child.stdout).text(),
        new Response(child.stderr).text(),
      ]);
      return { code: await child.exited, out, err };
    };
    const taken = await run(ANSWERS);
    // Whether a service of a profile is listed differs between its versions.
    const services = taken.out.split('\n').filter((name) => name !== '' && name !== 'redis');
    expect({ ...taken, out: services.sort() }).toEqual({
      code: 0,
      out: ['bucket', 'coturn', 'kaa', 'minio', 'postgres'],
      err: '',
    });
    expect((await run({})).code).not.toBe(0);
  },
  30_000,
);
