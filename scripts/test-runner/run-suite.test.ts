import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runSuite } from './run-suite.ts';

const FILES: Record<string, string> = {
  'mixed.test.ts':
    "import { expect, test } from 'bun:test'; test('a', () => {}); test('b', () => expect(1).toBe(2)); test.skip('c', () => {});",
  'good.test.ts': "import { test } from 'bun:test'; test('a', () => {});",
  'broken.test.ts': "throw new Error('at load');",
  'empty.test.ts': '',
  'exits.test.ts': "import { test } from 'bun:test'; test('a', () => process.exit(3));",
  'hangs.test.ts': `import { test } from 'bun:test'; import { spawn } from 'node:child_process'; import { writeFileSync } from 'node:fs';
    test('a', async () => {
      writeFileSync('child.pid', String(spawn('sleep', ['600']).pid));
      await new Promise(() => {});
    }, 600_000);`,
};

let project: string;
beforeAll(async () => {
  project = await mkdtemp(join(tmpdir(), 'kaa-run-suite-'));
  for (const [file, text] of Object.entries(FILES)) await writeFile(join(project, file), text);
});
afterAll(() => rm(project, { recursive: true }));

const run = (files: string[], options: { limitMs?: number; signal?: AbortSignal; flags?: string[] } = {}) =>
  runSuite({
    project,
    files,
    flags: options.flags ?? [],
    environment: process.env,
    limitMs: options.limitMs ?? 60_000,
    signal: options.signal ?? new AbortController().signal,
    output: 'ignore',
  });

describe('a suite', () => {
  test('counts what passed, failed and was skipped', async () => {
    expect(await run(['mixed.test.ts', 'good.test.ts'])).toEqual({
      counts: { passed: 2, failed: 1, skipped: 1 },
      complaints: [],
      failures: ['mixed.test.ts:1 b: expect(received).toBe(expected) Expected: 2 Received: 1'],
    });
  });

  test('fails once more for each file that could not be loaded or has no test', async () => {
    const { counts, complaints } = await run(['good.test.ts', 'broken.test.ts', 'empty.test.ts']);
    expect(counts).toEqual({ passed: 1, failed: 2, skipped: 0 });
    expect(complaints.map((text) => text.split(' ')[0])).toEqual(['broken.test.ts', 'empty.test.ts']);
  });

  test('fails when its process ends before the report is written', async () => {
    const { counts } = await run(['exits.test.ts']);
    expect(counts.passed).toBe(0);
    expect(counts.failed).toBeGreaterThan(0);
  });

  test('fails when a pattern leaves no test', async () => {
    const { counts } = await run(['good.test.ts'], { flags: ['--test-name-pattern=nothing'] });
    expect(counts.passed).toBe(0);
    expect(counts.failed).toBe(1);
  });

  test('is ended at its limit with every process that it started', async () => {
    const { counts, complaints } = await run(['hangs.test.ts'], { limitMs: 2000 });
    expect(counts.failed).toBe(1);
    expect(complaints[0]).toContain('was ended');
    const pid = Number(await readFile(join(project, 'child.pid'), 'utf8'));
    expect(await isGone(pid)).toBe(true);
  });

  test('is ended when it is interrupted', async () => {
    const { complaints } = await run(['good.test.ts'], { signal: AbortSignal.abort() });
    expect(complaints).toEqual(['was interrupted']);
  });
});

/** A killed process is gone soon, or waits as a zombie for a parent that has no time. */
async function isGone(pid: number): Promise<boolean> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
    if (stat === '' || / Z /.test(stat)) return true;
    await Bun.sleep(10);
  }
  return false;
}
