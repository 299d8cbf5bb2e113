/**
 * The door to the mediasoup worker: a program for this machine, from the environment, the cache, a download or a build.
 * Run by itself it prints the path of a working worker on stdout, and what it does meanwhile on stderr.
 */
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packagesMustBeInstalledByHand } from './build-packages.ts';
import { ensureMediasoupWorker } from './ensure-worker.ts';

export { ensureMediasoupWorker };

if (import.meta.main) {
  try {
    const path = await ensureMediasoupWorker({
      mediasoupDir: dirname(fileURLToPath(import.meta.resolve('mediasoup/package.json'))),
      report: (line) => console.error(line),
      installBuildPackages: packagesMustBeInstalledByHand,
    });
    console.log(path);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
