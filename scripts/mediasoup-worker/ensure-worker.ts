/**
 * Which mediasoup worker to use: the one that the environment names, else the cached one, else a downloaded one,
 * else one that is built here. Owns the order and the promise that what is returned has been seen running.
 */
import { access, constants, mkdir, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { withBuildLock } from './build-lock.ts';
import { buildWorker } from './build-worker.ts';
import { findCacheRoot, inspectCacheEntry, publishWorker, type WorkerOrigin } from './cache.ts';
import { downloadPrebuiltWorker } from './prebuilt-worker.ts';
import { openStaging, removeAbandonedStaging } from './staging.ts';
import { describeTarget, type WorkerTarget } from './target.ts';
import { checkWorker } from './worker-check.ts';

export interface EnsureWorkerOptions {
  /** The folder of the mediasoup npm package. It is only read. */
  mediasoupDir: string;
  /** Where workers are kept; by default what `findCacheRoot` says. */
  cacheDir?: string;
  /** Gets one line for every step that takes time, and for everything unusual. */
  report: (line: string) => void;
  /** Is called before a build, and only then, with the Debian packages that are missing for it. */
  installBuildPackages: (packages: readonly string[]) => Promise<void>;
}

/** What touches the world; the tests replace it. */
export interface EnsureWorkerWorld {
  environment: Readonly<Record<string, string | undefined>>;
  check: typeof checkWorker;
  download: typeof downloadPrebuiltWorker;
  build: typeof buildWorker;
  /** How often one who waits for another's build looks again. */
  lockPollMs: number;
}

const realWorld: EnsureWorkerWorld = {
  environment: process.env,
  check: checkWorker,
  download: downloadPrebuiltWorker,
  build: buildWorker,
  lockPollMs: 500,
};

/**
 * Returns the absolute path of a worker program that answers. Safe to call from several processes at once: one of
 * them makes the worker and the others wait for it. Fails with a message that says what to do.
 */
export async function ensureMediasoupWorker(options: EnsureWorkerOptions): Promise<string> {
  return await ensureWorkerIn(realWorld, options);
}

export async function ensureWorkerIn(
  world: EnsureWorkerWorld,
  options: EnsureWorkerOptions,
): Promise<string> {
  const target = await describeTarget(options.mediasoupDir);
  const given = world.environment.MEDIASOUP_WORKER_BIN;
  if (given) {
    return await useGivenWorker(world, resolve(given), target.version);
  }

  const entryDir = join(
    resolve(options.cacheDir ?? findCacheRoot(world.environment)),
    'mediasoup-worker',
    target.cacheKey,
  );
  const cached = await inspectCacheEntry(entryDir, target.version, world.check);
  if (cached.status === 'valid') {
    return cached.binary;
  }

  await makeCacheFolder(dirname(entryDir));
  return await withBuildLock(
    {
      path: `${entryDir}.lock`,
      pollMs: world.lockPollMs,
      onWait: (pid) =>
        options.report(
          `Another process${pid ? ` (${pid})` : ''} is already getting the mediasoup worker; waiting for it.`,
        ),
    },
    async () => await refreshCacheEntry(world, options, { entryDir, target }),
  );
}

async function useGivenWorker(world: EnsureWorkerWorld, path: string, version: string): Promise<string> {
  const answer = await world.check(path, version);
  if (answer.isWorking) {
    return path;
  }
  throw new Error(
    `MEDIASOUP_WORKER_BIN names ${path}, which is not a working mediasoup worker: ${answer.reason} ` +
      'Correct the variable, or unset it to have a worker downloaded or built.',
  );
}

async function makeCacheFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true });
    await access(path, constants.W_OK);
  } catch (error) {
    throw new Error(
      `The cache folder ${path} cannot be made or written. Set KAA_CACHE_DIR to a folder that this user may write.`,
      { cause: error },
    );
  }
}

interface Refresh {
  entryDir: string;
  target: WorkerTarget;
}

/** Runs under the lock. Looks again first, because the one that was waited for may have made the entry. */
async function refreshCacheEntry(
  world: EnsureWorkerWorld,
  options: EnsureWorkerOptions,
  { entryDir, target }: Refresh,
): Promise<string> {
  const cached = await inspectCacheEntry(entryDir, target.version, world.check);
  if (cached.status === 'valid') {
    return cached.binary;
  }
  if (cached.status === 'broken') {
    options.report(`The cached mediasoup worker is not usable: ${cached.reason} Getting another one.`);
  }

  await removeAbandonedStaging(entryDir);
  const stagingDir = await openStaging(entryDir);
  try {
    const made = await makeWorker(world, options, { target, stagingDir, logPath: `${entryDir}.log` });
    return await publishWorker({ ...made, entryDir, stagingDir });
  } finally {
    await rm(stagingDir, { recursive: true, force: true });
  }
}

interface Making {
  target: WorkerTarget;
  stagingDir: string;
  logPath: string;
}

async function makeWorker(
  world: EnsureWorkerWorld,
  { mediasoupDir, report, installBuildPackages }: EnsureWorkerOptions,
  { target, stagingDir, logPath }: Making,
): Promise<{ binary: string; origin: WorkerOrigin }> {
  const downloaded = await world.download({
    target,
    directory: join(stagingDir, 'download'),
    environment: world.environment,
    report,
  });
  if (downloaded) {
    const answer = await world.check(downloaded, target.version);
    if (answer.isWorking) {
      return { binary: downloaded, origin: 'prebuilt' };
    }
    report(`The prebuilt mediasoup worker does not run here: ${answer.reason}`);
  }

  const built = await world.build({
    workerDir: resolve(mediasoupDir, 'worker'),
    buildDir: join(stagingDir, 'build'),
    logPath,
    version: target.version,
    report,
    installBuildPackages,
  });
  const answer = await world.check(built, target.version);
  if (!answer.isWorking) {
    throw new Error(
      `The mediasoup worker was built, but does not run: ${answer.reason} The build's output is in ${logPath}.`,
    );
  }
  return { binary: built, origin: 'built' };
}
