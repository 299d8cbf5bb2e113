/**
 * The steps of the Dockerfile, carried out line by line in root file systems of Debian 12, and what came of them, started as a
 * container is: another user, read-only, no capabilities. There is no Docker in it.
 */
import { afterAll, beforeAll, expect, test } from 'bun:test';
import { existsSync } from 'node:fs';
import { chown, mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describeLong } from '../../support/long.ts';
import { debootstrap } from '../../support/packaging/debootstrap.ts';
import { readCommand, readDockerfile } from '../../support/packaging/dockerfile.ts';
import { type BuiltStage, buildImage } from '../../support/packaging/image-build.ts';
import { firstProcessOf, readAll, startContainer } from '../../support/packaging/rootfs.ts';
import { findFreePort } from '../../support/postgres.ts';
import { JWT_SECRET } from '../../support/server.ts';

const PROJECT = join(import.meta.dir, '../../..');
const BUILD_LIMIT_MS = 60 * 60_000;
const LIMIT_MS = 5 * 60_000;
const START_LIMIT_MS = 120_000;
const stages = readDockerfile(await Bun.file(join(PROJECT, 'Dockerfile')).text());

function obstacle(): string | undefined {
  if (process.getuid?.() !== 0) return 'it needs root';
  return Bun.which('debootstrap') === null ? 'there is no debootstrap on this machine' : undefined;
}

describeLong('the image', () => {
  const reason = obstacle();
  if (reason === undefined) suite();
  else test.skip(`cannot be made here: ${reason}`, () => {});
});

function suite(): void {
  let folder: string;
  let image: BuiltStage;
  let data: string;

  beforeAll(async () => {
    folder = await mkdtemp('/var/tmp/kaa-image-');
    const images = { 'debian:12-slim': await debootstrap(join(folder, 'base')) };
    image = await buildImage({ stages, context: PROJECT, images, folder, report: console.log });
    data = join(folder, 'volume');
    await mkdir(data);
    const [uid, gid] = image.user.split(':').map(Number);
    await chown(data, uid ?? 0, gid ?? 0);
  }, BUILD_LIMIT_MS);

  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
  }, LIMIT_MS);

  const start = (command: readonly string[], env: Readonly<Record<string, string>>) =>
    startContainer(image.root, command, {
      ...image,
      env: { ...image.env, ...env },
      volumes: { [image.env.DATA_DIR ?? '']: data },
    });

  async function settings(): Promise<Record<string, string>> {
    return {
      JWT_SECRET,
      PORT: String(await findFreePort()),
      APP_HOST: '127.0.0.1',
      WEBRTC_PORT: '0',
      GRPC_PORT: '0',
      WEBRTC_WORKERS: '1',
      WEBRTC_ANNOUNCED_ADDRESS: '127.0.0.1',
    };
  }

  test('has what the server needs, and no compiler, no npm, no tests and nothing of the machine that made it', async () => {
    const inside = (path: string) => join(image.root, path);
    for (const path of [
      'usr/bin/ffmpeg',
      'usr/bin/setpriv',
      'usr/local/bin/mediasoup-worker',
      'opt/kaa/src/index.ts',
    ]) {
      expect([path, existsSync(inside(path))]).toEqual([path, true]);
    }
    for (const path of [
      'usr/bin/g++',
      'usr/bin/npm',
      'opt/kaa/node_modules/playwright-core',
      'root/.npmrc',
      'opt/kaa/.git',
    ]) {
      expect([path, existsSync(inside(path))]).toEqual([path, false]);
    }
    const files = await readdir(inside('opt/kaa/src'), { recursive: true });
    expect(files.filter((file) => file.endsWith('.test.ts'))).toEqual([]);
    expect((await stat(inside('data'))).uid).toBe(Number(image.user.split(':')[0]));
  });

  test(
    'starts as nobody in particular, says that it is ready and healthy, and ends well when it is told to',
    async () => {
      const env = await settings();
      const health = readCommand(stages, 'HEALTHCHECK');
      expect(await (await start(health, env)).exited).toBe(1);
      for (const round of ['with a new volume', 'with the volume of the first']) {
        const container = await start(readCommand(stages, 'ENTRYPOINT'), env);
        const output = readAll(container);
        const ready = await askUntilReady(`http://127.0.0.1:${env.PORT}/ready`, container.exited);
        expect([round, ready]).toEqual([round, 200]);
        expect(await (await start(health, env)).exited).toBe(0);
        process.kill(await firstProcessOf(container), 'SIGTERM');
        expect([round, await container.exited]).toEqual([round, 0]);
        expect(await output).toContain('stopped');
      }
    },
    LIMIT_MS,
  );

  test(
    'without a secret it says what is missing, and does not start',
    async () => {
      const { JWT_SECRET: _, ...env } = await settings();
      const container = await start(readCommand(stages, 'ENTRYPOINT'), env);
      expect(await readAll(container)).toContain('JWT_SECRET is missing');
      expect(container.exitCode).toBe(1);
    },
    LIMIT_MS,
  );
}

/** The status once it is 200, or what it was last when the container has ended or took too long. */
async function askUntilReady(url: string, ended: Promise<number>): Promise<number> {
  let isOver = false;
  void ended.then(() => {
    isOver = true;
  });
  const deadline = Date.now() + START_LIMIT_MS;
  let status = 0;
  while (status !== 200 && !isOver && Date.now() < deadline) {
    status = await fetch(url).then(
      (response) => response.status,
      () => 0,
    );
    if (status !== 200) await Bun.sleep(200);
  }
  return status;
}
