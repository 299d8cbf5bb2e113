/** The program of the media workers: finds, downloads or builds it, and what a build needs before. */
import { join } from 'node:path';
import { installDebianPackages } from './debian.ts';
import { SetupError, type Step } from './steps.ts';

/** The step's result is the path of the program. The npm packages must be installed before. */
export function mediaWorkerStep(project: string): Step<string> {
  return {
    title: 'media worker',
    run: async (report) => {
      // Not before this moment: a fresh clone has no packages to import.
      const { ensureMediasoupWorker } = await import('../mediasoup-worker/index.ts');
      const result = await ensureMediasoupWorker({
        mediasoupDir: join(project, 'node_modules/mediasoup'),
        report,
        installBuildPackages: (packages) => installDebianPackages(packages, { report }),
      }).catch(explain);
      return { result, notes: [] };
    },
  };
}

function explain(error: unknown): never {
  if (error instanceof SetupError || !(error instanceof Error)) throw error;
  throw new SetupError(error.message, { cause: error });
}
