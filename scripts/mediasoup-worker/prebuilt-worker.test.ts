import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { downloadPrebuiltWorker, findPrebuiltUrl, namePrebuiltArchive } from './prebuilt-worker.ts';

const target = {
  version: '3.27.1',
  repositoryUrl: 'https://forge.example/owner/mediasoup',
  platform: 'linux',
  arch: 'x64',
  kernelRelease: '6.1.0-40-amd64',
  cacheKey: 'key',
};

let directory: string;
let lines: string[];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'kaa-prebuilt-'));
  lines = [];
});

afterEach(async () => await rm(directory, { recursive: true, force: true }));

async function downloadFrom(respond: () => Response): Promise<string | null> {
  await using server = Bun.serve({ port: 0, hostname: '127.0.0.1', fetch: respond });
  return await downloadPrebuiltWorker({
    target,
    directory: join(directory, 'download'),
    environment: { MEDIASOUP_WORKER_PREBUILT_DOWNLOAD_BASE_URL: server.url.href },
    report: (line) => lines.push(line),
  });
}

describe('the name of a prebuilt worker', () => {
  test("has the kernel's major version on Linux only", () => {
    expect(namePrebuiltArchive(target)).toBe('mediasoup-worker-3.27.1-linux-x64-kernel6.tgz');
    expect(namePrebuiltArchive({ ...target, platform: 'darwin', arch: 'arm64' })).toBe(
      'mediasoup-worker-3.27.1-darwin-arm64.tgz',
    );
  });

  test("is looked for below the package's own repository, or where the environment says", () => {
    expect(findPrebuiltUrl(target, {})).toBe(
      'https://forge.example/owner/mediasoup/releases/download/3.27.1/mediasoup-worker-3.27.1-linux-x64-kernel6.tgz',
    );
    const environment = { MEDIASOUP_WORKER_PREBUILT_DOWNLOAD_BASE_URL: 'https://mirror.example/workers/' };
    expect(findPrebuiltUrl(target, environment)).toBe(
      'https://mirror.example/workers/3.27.1/mediasoup-worker-3.27.1-linux-x64-kernel6.tgz',
    );
  });

  test('is not looked for when downloads are switched off', () => {
    expect(findPrebuiltUrl(target, { MEDIASOUP_SKIP_WORKER_PREBUILT_DOWNLOAD: 'true' })).toBeNull();
  });
});

describe('downloading a prebuilt worker', () => {
  test('unpacks the program', async () => {
    await writeFile(join(directory, 'mediasoup-worker'), 'the program');
    spawnSync('tar', ['-czf', 'made.tgz', 'mediasoup-worker'], { cwd: directory });
    const archive = await readFile(join(directory, 'made.tgz'));

    const path = await downloadFrom(() => new Response(archive));

    expect(await readFile(path ?? '', 'utf8')).toBe('the program');
  });

  test('reports that there is none for this platform', async () => {
    expect(await downloadFrom(() => new Response(null, { status: 404 }))).toBeNull();
    expect(lines.at(-1)).toContain('none is offered for this platform');
  });

  test('reports what is not an archive', async () => {
    expect(await downloadFrom(() => new Response('<html>Please log in</html>'))).toBeNull();
    expect(lines.at(-1)).toContain('tar failed');
  });

  test('reports a server that cannot be reached', async () => {
    const path = await downloadPrebuiltWorker({
      target,
      directory: join(directory, 'download'),
      environment: { MEDIASOUP_WORKER_PREBUILT_DOWNLOAD_BASE_URL: 'http://127.0.0.1:1' },
      report: (line) => lines.push(line),
    });
    expect(path).toBeNull();
    expect(lines.at(-1)).toStartWith('No prebuilt mediasoup worker:');
  });
});
