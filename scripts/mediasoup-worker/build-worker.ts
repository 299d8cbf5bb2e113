/** Builds the worker from the sources in the mediasoup package, with CMake, Ninja and the system's libraries. */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { BUILD_PACKAGE_NAMES, provideBuildPackages } from './build-packages.ts';
import { createBuildProgress } from './build-progress.ts';
import { writeRenamedSchemas } from './flatbuffers-schemas.ts';
import { formatForCMake, readWorkerSources } from './meson-sources.ts';
import { runLogged } from './run-logged.ts';

interface BuildWorkerOptions {
  /** `worker` in the mediasoup package. It is only read. */
  workerDir: string;
  /** Is made, and belongs to this build. */
  buildDir: string;
  /** Is begun anew, and stays when the build fails. */
  logPath: string;
  version: string;
  report: (line: string) => void;
  installBuildPackages: (packages: readonly string[]) => Promise<void>;
}

/** What the compiler needs for the largest of the worker's files. */
const BYTES_PER_JOB = 600 * 1024 * 1024;

/** Returns the path of the program in the build folder. A failure names the step, the log and what to do. */
export async function buildWorker(options: BuildWorkerOptions): Promise<string> {
  const { workerDir, buildDir, logPath, version, report } = options;
  await provideBuildPackages(options);

  report(`Building the mediasoup worker ${version}: a few minutes, once. The output goes to ${logPath}`);
  const generatedDir = join(buildDir, 'generated');
  await mkdir(generatedDir, { recursive: true });
  await writeRenamedSchemas(join(workerDir, 'fbs'), join(generatedDir, 'fbs'));
  await writeFile(join(generatedDir, 'sources.cmake'), formatForCMake(await readWorkerSources(workerDir)));

  const startedAt = Date.now();
  await rm(logPath, { force: true });
  const progress = createBuildProgress({
    label: 'Building the mediasoup worker',
    report,
    terminal: process.stderr,
  });
  try {
    await runLogged({
      command: 'cmake',
      args: [
        ...['-G', 'Ninja', '-S', import.meta.dirname, '-B', join(buildDir, 'cmake')],
        ...[`-DWORKER_DIR=${workerDir}`, `-DGENERATED_DIR=${generatedDir}`],
      ],
      logPath,
    });
    await runLogged({
      command: 'cmake',
      args: ['--build', join(buildDir, 'cmake'), ...limitJobs(availableParallelism(), readUsableMemory())],
      environment: { NINJA_STATUS: '[%f/%t] ', LC_ALL: 'C' },
      logPath,
      onLine: progress.stepDone,
    });
  } catch (error) {
    throw new Error(await describeFailure(error, logPath), { cause: error });
  } finally {
    progress.end();
  }
  report(`The mediasoup worker was built in ${Math.round((Date.now() - startedAt) / 1000)} s.`);
  return join(buildDir, 'cmake', 'mediasoup-worker');
}

/** In a container the limit may be lower than what the machine has free. */
function readUsableMemory(): number {
  return Math.min(process.availableMemory(), process.constrainedMemory() || Number.POSITIVE_INFINITY);
}

/** Ninja's own choice is two more than there are cores, for which a small machine may not have the memory. */
export function limitJobs(cores: number, freeBytes: number): string[] {
  const affordable = Math.max(1, Math.floor(freeBytes / BYTES_PER_JOB));
  return affordable < cores + 2 ? ['--parallel', String(affordable)] : [];
}

/** In the order of their worth: ninja prints FAILED and the whole command before what the compiler said. */
const ERROR_LINES = [/error:|CMake Error|Killed|No space left/, /^FAILED:/];
const MAX_EXCERPT_LINES = 8;
const MAX_EXCERPT_WIDTH = 200;

async function describeFailure(error: unknown, logPath: string): Promise<string> {
  const log = await readFile(logPath, 'utf8').catch(() => '');
  const reason = error instanceof Error ? error.message : String(error);
  return [
    `The mediasoup worker could not be built: ${reason}`,
    ...explainLog(log),
    `The whole output is in ${logPath}`,
  ].join('\n');
}

/** The first error in the build's output, and what it takes to get past it. */
export function explainLog(log: string): string[] {
  const lines = log.split('\n');
  const pattern = ERROR_LINES.find((candidate) => lines.some((line) => candidate.test(line)));
  const start = pattern ? lines.findIndex((line) => pattern.test(line)) : -MAX_EXCERPT_LINES;
  const excerpt = lines.slice(start).slice(0, MAX_EXCERPT_LINES);
  const advice = ADVICE.find(({ symptom }) => symptom.test(log))?.text;
  return [
    ...excerpt.filter((line) => line.trim() !== '').map((line) => `  ${line.slice(0, MAX_EXCERPT_WIDTH)}`),
    advice ?? 'A worker from elsewhere can be named in MEDIASOUP_WORKER_BIN.',
  ];
}

const ADVICE: readonly { symptom: RegExp; text: string }[] = [
  {
    symptom: /No space left on device/,
    text: 'The disk is full: a build takes about 100 MB in the cache folder.',
  },
  {
    symptom: /Killed|out of memory|cannot allocate memory/i,
    text: 'The machine ran out of memory: a compiler takes up to 600 MB. Add memory or swap.',
  },
  {
    symptom:
      /unrecognized command.line option|CXX_STANDARD is set to invalid|does not know the compile flags/i,
    text: 'The compiler is too old: GCC 12 (Debian 12) or newer is needed.',
  },
  {
    symptom: /None of the required|No package '|Could NOT find|REQUIRED_VARS|No such file or directory/,
    text: `A library or tool is missing; on Debian: apt-get install --reinstall ${BUILD_PACKAGE_NAMES.join(' ')}`,
  },
];
