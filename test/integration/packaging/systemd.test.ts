/** The unit for systemd: what systemd itself says of it, and that it fits how the server starts, stops and is configured. */
import { expect, test } from 'bun:test';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig, settingGroups } from '../../../src/config/index.ts';
import { environmentOf, readUnitFile } from '../../support/packaging/unit-file.ts';

const PROJECT = join(import.meta.dir, '../../..');
const UNIT = join(PROJECT, 'deploy/systemd/kaa.service');
/** How systemd judges what a service may do, from 0 to 10; under 2 is its "OK". */
const MOST_EXPOSURE = 2;
const ANALYZE = Bun.which('systemd-analyze');
const SKIPPED = 'there is no systemd-analyze on this machine';

const unit = readUnitFile(await Bun.file(UNIT).text());

async function analyze(...args: string[]) {
  const child = Bun.spawn([ANALYZE ?? '', ...args], { stdout: 'pipe', stderr: 'pipe' });
  const [out, err, code] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  return { text: out + err, code };
}

test.skipIf(ANALYZE === null)(`systemd finds no mistake in it${ANALYZE ? '' : `: ${SKIPPED}`}`, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'kaa-unit-'));
  try {
    // That the program is there is checked too, and here it is somewhere else.
    const copy = join(folder, 'kaa.service');
    const text = await Bun.file(UNIT).text();
    await writeFile(copy, text.replace('ExecStart=/usr/local/bin/bun', `ExecStart=${process.execPath}`));
    expect(await analyze('verify', copy)).toEqual({ text: '', code: 0 });
    await writeFile(copy, text.replace('ProtectSystem=strict', 'ProtectSystem=nonsense'));
    expect((await analyze('verify', copy)).text).toContain('nonsense');
  } finally {
    await rm(folder, { recursive: true });
  }
});

test.skipIf(ANALYZE === null)(`systemd calls it well protected${ANALYZE ? '' : `: ${SKIPPED}`}`, async () => {
  const { text, code } = await analyze(
    'security',
    '--offline=true',
    `--threshold=${MOST_EXPOSURE * 10}`,
    UNIT,
  );
  const exposure = Number(/exposure level for kaa.service: ([\d.]+)/.exec(text)?.[1]);
  expect({ code, isWell: exposure < MOST_EXPOSURE }).toEqual({ code: 0, isWell: true });
});

test('it starts a script that is there, and leaves the server the time that it takes to stop', () => {
  const { Service } = unit;
  const [command = ''] = Service?.ExecStart ?? [];
  const [program, script = ''] = command.split(' ');
  expect(program).toBe('/usr/local/bin/bun');
  expect(existsSync(join(PROJECT, script))).toBe(true);
  const { drainTimeoutMs } = loadConfig({ env: {}, cwd: tmpdir() });
  expect(Number(Service?.TimeoutStopSec?.[0]) * 1_000).toBeGreaterThan(drainTimeoutMs + 5_000);
  // The others of its group must not be ended before the server has.
  expect(Service?.KillMode).toEqual(['mixed']);
});

test('what the server and its tools need is left to them', () => {
  const { Service } = unit;
  // Without it setpriv ends with "activate capabilities", and nothing at all is recorded.
  expect(Service?.SystemCallFilter).toEqual(['@system-service', '~@privileged', 'capset']);
  // The one of them would forbid JavaScript, the other hides /proc/net/udp.
  expect(Service).not.toHaveProperty('MemoryDenyWriteExecute');
  expect(Service).not.toHaveProperty('ProcSubset');
});

test('the settings that it and its sample of settings name exist', async () => {
  const known = new Set<string>(settingGroups.flatMap(({ settings }) => Object.keys(settings)));
  const outside = ['HOME', 'KAA_CACHE_DIR'];
  const sample = await Bun.file(join(PROJECT, 'deploy/systemd/kaa.env.example')).text();
  const named = [...sample.matchAll(/^#?([A-Z_]+)=/gm)].map(([, name = '']) => name);
  expect(named.length).toBeGreaterThan(5);
  const names = [...Object.keys(environmentOf(unit)), ...named];
  expect(names.filter((name) => !known.has(name) && !outside.includes(name))).toEqual([]);
});

test('with the sample filled in the server is content, and without it says what is missing', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'kaa-env-'));
  try {
    const sample = await Bun.file(join(PROJECT, 'deploy/systemd/kaa.env.example')).text();
    const path = join(folder, 'kaa.env');
    const env = { ...environmentOf(unit), CONFIG_FILE: path, DATA_DIR: folder };
    await writeFile(path, sample);
    expect(() => loadConfig({ env, cwd: folder })).toThrow(/JWT_SECRET[\s\S]*WEBRTC_ANNOUNCED_ADDRESS/);
    const filled = sample
      .replace(/^JWT_SECRET=$/m, `JWT_SECRET=${crypto.randomUUID()}${crypto.randomUUID()}`)
      .replace(/^WEBRTC_ANNOUNCED_ADDRESS=$/m, 'WEBRTC_ANNOUNCED_ADDRESS=203.0.113.7');
    await writeFile(path, filled);
    expect(loadConfig({ env, cwd: folder })).toMatchObject({
      environment: 'production',
      http: { host: '127.0.0.1', publicBaseUrl: 'https://calls.example.com' },
    });
  } finally {
    await rm(folder, { recursive: true });
  }
});
