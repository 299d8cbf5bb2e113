import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { spawnSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type EnsureWorkerOptions, type EnsureWorkerWorld, ensureWorkerIn } from './ensure-worker.ts';
import { openStaging } from './staging.ts';
import { checkWorker } from './worker-check.ts';

/** Answers like a worker: one message on its channel, and then it waits for requests. */
const WORKING = '#!/bin/sh\nprintf running >&4\nread -r request <&3\n';
const FAILING = '#!/bin/sh\necho "cannot run here" >&2\nexit 1\n';

let directory: string;
let lines: string[];
let builds: number;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'kaa-ensure-'));
  await mkdir(join(directory, 'mediasoup'));
  await writeFile(join(directory, 'mediasoup', 'package.json'), '{"version":"3.27.1"}');
  lines = [];
  builds = 0;
});

afterEach(async () => await rm(directory, { recursive: true, force: true }));

function makeOptions(): EnsureWorkerOptions {
  return {
    mediasoupDir: join(directory, 'mediasoup'),
    cacheDir: join(directory, 'cache'),
    report: (line) => lines.push(line),
    installBuildPackages: () => Promise.reject(new Error('Nothing should be installed.')),
  };
}

async function writeProgram(path: string, text: string): Promise<string> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text, { mode: 0o755 });
  return path;
}

function makeWorld(changes: Partial<EnsureWorkerWorld> = {}): EnsureWorkerWorld {
  return {
    environment: {},
    check: checkWorker,
    download: async () => null,
    build: async ({ buildDir }) => {
      builds++;
      return await writeProgram(join(buildDir, 'mediasoup-worker'), WORKING);
    },
    lockPollMs: 1,
    ...changes,
  };
}

async function ensure(changes: Partial<EnsureWorkerWorld> = {}): Promise<string> {
  return await ensureWorkerIn(makeWorld(changes), makeOptions());
}

const inCache = () => readdir(join(directory, 'cache', 'mediasoup-worker'));

describe('MEDIASOUP_WORKER_BIN', () => {
  test('wins over everything else', async () => {
    await ensure();
    const path = await writeProgram(join(directory, 'mine'), WORKING);
    expect(await ensure({ environment: { MEDIASOUP_WORKER_BIN: path } })).toBe(path);
    expect(builds).toBe(1);
  });

  test('that names nothing is an error that says so', async () => {
    const environment = { MEDIASOUP_WORKER_BIN: join(directory, 'nowhere') };
    await expect(ensure({ environment })).rejects.toThrow(
      /MEDIASOUP_WORKER_BIN names .*nowhere.* no such file/,
    );
  });

  test('that names something that is not a worker is an error with what it said', async () => {
    const path = await writeProgram(join(directory, 'mine'), FAILING);
    await expect(ensure({ environment: { MEDIASOUP_WORKER_BIN: path } })).rejects.toThrow('cannot run here');
  });
});

describe('the cache', () => {
  test('keeps what was built, and is used the next time', async () => {
    const path = await ensure();
    expect(path).toStartWith(join(directory, 'cache', 'mediasoup-worker', '3.27.1-'));
    expect(await ensure()).toBe(path);
    expect(builds).toBe(1);
    expect(await inCache()).toHaveLength(1);
  });

  test.each<[string, string, (path: string) => Promise<void>]>([
    ['is truncated', 'checksum', async (path) => await truncate(path, 5)],
    ['is changed', 'checksum', async (path) => await writeFile(path, `${WORKING}\n`)],
    ['is missing', 'missing', async (path) => await rm(path)],
    ['is not executable', 'not executable', async (path) => await chmod(path, 0o644)],
    [
      'has a damaged record',
      'record',
      async (path) => await writeFile(join(dirname(path), 'record.json'), '{"sha256":'),
    ],
  ])('replaces a worker that %s', async (_, reason, damage) => {
    const path = await ensure();
    await damage(path);
    expect(await ensure()).toBe(path);
    expect(builds).toBe(2);
    expect(lines.join('\n')).toContain(reason);
    expect(await readFile(path, 'utf8')).toBe(WORKING);
  });

  test('replaces a worker that no longer starts', async () => {
    await ensure();
    let hasFailed = false;
    await ensure({
      check: async (path, version) => {
        // The system's libraries are gone for the cached one, until another has been built.
        hasFailed ||= builds === 2;
        return hasFailed
          ? await checkWorker(path, version)
          : { isWorking: false, reason: 'a library is gone.' };
      },
    });
    expect(builds).toBe(2);
    expect(lines.join('\n')).toContain('a library is gone.');
  });

  test('that cannot be made is an error that says what to set', async () => {
    await writeFile(join(directory, 'cache'), 'a file is in the way');
    await expect(ensure()).rejects.toThrow('KAA_CACHE_DIR');
  });
});

describe('a prebuilt worker', () => {
  const downloadOf =
    (text: string): EnsureWorkerWorld['download'] =>
    async (options) =>
      await writeProgram(join(options.directory, 'mediasoup-worker'), text);

  test('is used when it runs, without a build', async () => {
    const path = await ensure({ download: downloadOf(WORKING) });
    expect(await ensure()).toBe(path);
    expect(builds).toBe(0);
  });

  test('that does not run here gives way to a build', async () => {
    await ensure({ download: downloadOf(FAILING) });
    expect(builds).toBe(1);
    expect(lines.join('\n')).toContain('cannot run here');
  });
});

describe('a build', () => {
  test('that fails leaves nothing behind, and the next attempt builds again', async () => {
    const failing = ensure({ build: () => Promise.reject(new Error('no compiler')) });
    await expect(failing).rejects.toThrow('no compiler');
    await failing.catch(() => undefined);
    expect(await inCache()).toEqual([]);
    await ensure();
    expect(builds).toBe(1);
  });

  test('whose worker does not run is an error and is not cached', async () => {
    const failing = ensure({
      build: async ({ buildDir }) => await writeProgram(join(buildDir, 'mediasoup-worker'), FAILING),
    });
    await expect(failing).rejects.toThrow(/built, but does not run.*cannot run here/);
    await failing.catch(() => undefined);
    expect(await inCache()).toEqual([]);
  });

  test('is waited for by a second process, which uses its result', async () => {
    const buildBegan = Promise.withResolvers<void>();
    const mayFinish = Promise.withResolvers<void>();
    const first = ensure({
      build: async (options) => {
        buildBegan.resolve();
        await mayFinish.promise;
        return await makeWorld().build(options);
      },
    });
    await buildBegan.promise;
    const second = ensureWorkerIn(makeWorld(), {
      ...makeOptions(),
      report: (line) => {
        lines.push(line);
        mayFinish.resolve();
      },
    });
    expect(await second).toBe(await first);
    expect(builds).toBe(1);
    expect(lines).toEqual([
      `Another process (${process.pid}) is already getting the mediasoup worker; waiting for it.`,
    ]);
  });

  test('removes what a dead process left behind, and nothing of a living one', async () => {
    const entryDir = dirname(await ensure());
    await rm(entryDir, { recursive: true });
    const livingDir = await openStaging(entryDir);
    const deadDir = livingDir.replace(`~${process.pid}~`, `~${spawnSync('true').pid}~`);
    await mkdir(deadDir);

    await ensure();

    expect((await inCache()).map((name) => join(dirname(entryDir), name)).sort()).toEqual(
      [entryDir, livingDir].sort(),
    );
  });
});
