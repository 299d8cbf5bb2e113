/** `bun run storage:check` as an operator meets it: its words and its exit code, for what works and for what does not. */
import { afterAll, beforeAll, expect, test } from 'bun:test';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StorageConfig } from '../../src/config/index.ts';
import { STAND_IN_NAMES, STAND_IN_WORLDS, type StandInName } from '../support/storage/stand-in-worlds.ts';
import { storageEnv } from '../support/storage/storage-env.ts';
import { openStorage, type StandInWorld } from '../support/storage/world.ts';

const SCRIPT = join(import.meta.dir, '../../scripts/storage-check.ts');
const TIMEOUT_MS = 60_000;

let dataDir: string;
const worlds = new Map<StandInName, StandInWorld>();

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'kaa-check-'));
  for (const name of STAND_IN_NAMES) worlds.set(name, await STAND_IN_WORLDS[name]());
});
afterAll(async () => {
  for (const world of worlds.values()) await world.close();
  await rm(dataDir, { recursive: true, force: true });
});

async function check(env: Record<string, string>): Promise<{ code: number; said: string }> {
  const child = Bun.spawn([process.execPath, SCRIPT], {
    cwd: dataDir,
    env: {
      PATH: process.env.PATH,
      HOME: dataDir,
      DATA_DIR: dataDir,
      RECORDING_STORAGE_TIMEOUT: '500ms',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [output, complaint] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ]);
  return { code: await child.exited, said: output + complaint };
}

test(
  'a storage that works is told so, and nothing is left there',
  async () => {
    const configs: StorageConfig[] = [...worlds.values()].map(({ config }) => config);
    for (const config of [...configs, { provider: 'local', outputDir: join(dataDir, 'root') } as const]) {
      const { code, said } = await check(storageEnv(config));
      expect(said).toContain(`(${config.provider}) can be written, listed, read and deleted from`);
      expect(code).toBe(0);
    }
    for (const world of worlds.values()) {
      const storage = await openStorage(world);
      expect((await storage.list('checks/')).objects).toEqual([]);
      await storage.close();
    }
  },
  TIMEOUT_MS,
);

test(
  'what is wrong is told in words, in one line and without a secret',
  async () => {
    for (const { elsewhere, config } of worlds.values()) {
      const cases: (readonly [StorageConfig, RegExp])[] = [
        [elsewhere.wrongCredentials, /does not accept the credentials/],
        [elsewhere.unreachable, /cannot be reached/],
      ];
      if (config.provider === 's3' || config.provider === 'gcs')
        cases.push([{ ...config, bucket: 'not-there' }, /no such bucket/]);
      for (const [wrong, words] of cases) {
        const { code, said } = await check(storageEnv(wrong));
        expect(code, said).toBe(1);
        expect(said).toMatch(words);
        const lines = said.split('\n').filter((line) => line.startsWith('The storage of recordings fails'));
        expect(lines).toHaveLength(1);
        for (const secret of elsewhere.secrets) expect(said).not.toContain(secret);
      }
    }
  },
  TIMEOUT_MS,
);

test(
  'a setting that is missing is named, and so is a folder that cannot be one',
  async () => {
    const { code, said } = await check({ RECORDING_STORAGE_PROVIDER: 's3' });
    expect([code, said]).toEqual([1, expect.stringContaining('RECORDING_S3_BUCKET')]);
    await Bun.write(join(dataDir, 'a-file'), '');
    const outputDir = join(dataDir, 'a-file/root');
    const local = await check(storageEnv({ provider: 'local', outputDir }));
    expect([local.code, local.said]).toEqual([1, expect.stringContaining(outputDir)]);
    for (const outputDir of ['a-file/root', '/proc/none']) {
      const { code, said } = await check({ RECORDING_OUTPUT_DIR: outputDir });
      expect([code, said]).toEqual([
        1,
        expect.stringMatching(/^The folder of .* RECORDING_OUTPUT_DIR .*\n$/),
      ]);
    }
    const google = { RECORDING_STORAGE_PROVIDER: 'gcs', RECORDING_GCS_BUCKET: 'recordings' };
    const noKey = await check({ ...google, GOOGLE_APPLICATION_CREDENTIALS: 'none.json' });
    expect([noKey.code, noKey.said]).toEqual([1, expect.stringContaining('GOOGLE_APPLICATION_CREDENTIALS')]);
    await Bun.write(join(dataDir, 'empty.json'), '{}');
    const emptyKey = await check({ ...google, GOOGLE_APPLICATION_CREDENTIALS: 'empty.json' });
    expect([emptyKey.code, emptyKey.said]).toEqual([
      1,
      expect.stringContaining('does not accept the credentials'),
    ]);
  },
  TIMEOUT_MS,
);
