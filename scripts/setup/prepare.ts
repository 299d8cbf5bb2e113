/**
 * Makes a fresh clone ready: the Bun that runs it, npm packages, Debian packages, the media worker. Every step looks
 * first, and does nothing where nothing is missing. Until the npm packages are there only built-in modules are imported.
 */
import { join } from 'node:path';
import { requireBunVersion } from './bun-version.ts';
import { installDebianPackages } from './debian.ts';
import { mediaWorkerStep } from './media-worker.ts';
import { installNpmPackages } from './npm-packages.ts';
import type { SystemPackage } from './packages.ts';
import { runStep, SetupError } from './steps.ts';

export const PROJECT = join(import.meta.dir, '../..');

/** After this, everything may be imported. */
export async function prepareNpmPackages(): Promise<void> {
  requireBunVersion();
  await runStep({
    title: 'npm packages',
    run: async () => ({ result: undefined, notes: (await installNpmPackages(PROJECT)) ? ['installed'] : [] }),
  });
}

export async function prepareSystemPackages(packages: readonly SystemPackage[]): Promise<void> {
  await runStep({
    title: packages.map(({ name }) => name).join(', '),
    run: async (report) => {
      const missing = packages.filter((entry) => !entry.isPresent());
      await installDebianPackages(
        missing.map(({ name }) => name),
        { programs: missing.map(({ program }) => program), report },
      );
      return { result: undefined, notes: missing.length > 0 ? ['installed'] : [] };
    },
  });
}

/** What can be done without: where it cannot be installed, `title` and the reason are said, and it goes on. */
export async function prepareOptionalPackages(
  title: string,
  packages: readonly SystemPackage[],
): Promise<void> {
  await runStep({
    title,
    run: async (report) => {
      const missing = packages.filter((entry) => !entry.isPresent()).map(({ name }) => name);
      try {
        await installDebianPackages(missing, { report });
        return { result: undefined, notes: missing.length > 0 ? ['installed'] : [] };
      } catch (error) {
        if (!(error instanceof SetupError)) throw error;
        return { result: undefined, notes: [`left out, ${missing.join(' ')} cannot be installed here`] };
      }
    },
  });
}

/** Returns the path of the worker's program. */
export function prepareMediaWorker(): Promise<string> {
  return runStep(mediaWorkerStep(PROJECT));
}
