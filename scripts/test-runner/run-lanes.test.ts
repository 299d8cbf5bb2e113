import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runLanes } from './run-lanes.ts';

/** Each of the two ends only when it has seen that the other runs. */
const meets = (own: string, other: string) => `
  import { test } from 'bun:test'; import { existsSync, writeFileSync } from 'node:fs';
  test('meets', async () => { writeFileSync('${own}', ''); while (!existsSync('${other}')) await Bun.sleep(5); });`;

const FILES: Record<string, string> = {
  'first.test.ts': meets('first.here', 'second.here'),
  'second.test.ts': meets('second.here', 'first.here'),
  'fails.test.ts': "import { test } from 'bun:test'; test('a', () => { throw new Error('so'); });",
  'unsteady.test.ts': `
    import { expect, test } from 'bun:test'; import { existsSync, writeFileSync } from 'node:fs';
    test('a', () => { const isSecond = existsSync('ran'); writeFileSync('ran', ''); expect(isSecond).toBe(true); });`,
  'skipped.test.ts': "import { test } from 'bun:test'; test.skip('a', () => {});",
  'empty.test.ts': '',
  'fails-too.test.ts': "import { test } from 'bun:test'; test('a', () => { throw new Error('so'); });",
  'fails-as-well.test.ts': "import { test } from 'bun:test'; test('a', () => { throw new Error('so'); });",
  'hangs-too.test.ts': "import { test } from 'bun:test'; test('a', () => new Promise(() => {}), 600_000);",
  'hangs.test.ts': "import { test } from 'bun:test'; test('a', () => new Promise(() => {}), 600_000);",
};

let project: string;
beforeAll(async () => {
  project = await mkdtemp(join(tmpdir(), 'kaa-run-lanes-'));
  for (const [file, text] of Object.entries(FILES)) await writeFile(join(project, file), text);
});
afterAll(() => rm(project, { recursive: true }));

const run = (files: string[], limitMs = 60_000) =>
  runLanes(
    {
      project,
      files,
      flags: [],
      environment: process.env,
      limitMs,
      signal: new AbortController().signal,
      output: 'ignore',
    },
    2,
  );

describe('files in two lanes', () => {
  test('run side by side, and are counted together', async () => {
    expect(await run(['first.test.ts', 'second.test.ts', 'fails.test.ts'])).toEqual({
      counts: { passed: 2, failed: 1, skipped: 0 },
      complaints: [],
      failures: ['fails.test.ts:1 a: so'],
      unsteady: [],
    });
  });

  test('that fail run once more, and what passes then is told', async () => {
    expect(await run(['unsteady.test.ts', 'fails.test.ts'])).toEqual({
      counts: { passed: 1, failed: 1, skipped: 0 },
      complaints: [],
      failures: ['fails.test.ts:1 a: so'],
      unsteady: [expect.stringContaining('unsteady.test.ts:3 a: expect(received).toBe(expected)')],
    });
  });

  test('that fail in numbers do not run again', async () => {
    const many = ['fails.test.ts', 'empty.test.ts', 'fails-too.test.ts', 'fails-as-well.test.ts'];
    const { counts, unsteady } = await run(many);
    expect({ counts, unsteady }).toEqual({ counts: { passed: 0, failed: 4, skipped: 0 }, unsteady: [] });
  });

  test('may be skipped as a whole, and not be empty', async () => {
    const { counts, complaints } = await run(['skipped.test.ts', 'empty.test.ts']);
    expect(counts).toEqual({ passed: 0, failed: 1, skipped: 1 });
    expect(complaints.map((text) => text.split(' ')[0])).toEqual(['empty.test.ts']);
  });

  test('share one limit: what had no time left is told, by its name', async () => {
    const { counts, complaints } = await run(['hangs.test.ts', 'hangs-too.test.ts', 'fails.test.ts'], 1500);
    expect(counts).toEqual({ passed: 0, failed: 3, skipped: 0 });
    expect(complaints.map((text) => text.split(' ')[0]).toSorted()).toEqual([
      'fails.test.ts',
      'hangs-too.test.ts',
      'hangs.test.ts',
    ]);
  });
});
