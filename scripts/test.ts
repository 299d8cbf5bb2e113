/**
 * `bun run test`: makes everything ready, runs the suites one after another, and ends with one line of sums.
 * `bun run test:long` does so with the long tests alone.
 */

import {
  AIORTC,
  CHROMIUM,
  FFMPEG,
  FIREFOX,
  formatElapsed,
  GRPCIO,
  GSTREAMER,
  POSTGRESQL,
  PROJECT,
  prepareMediaWorker,
  prepareNpmPackages,
  prepareOptionalPackages,
  prepareSystemPackages,
  runScript,
  SetupError,
  UTIL_LINUX,
} from './setup/index.ts';
import { cleanEnvironment } from './test-runner/clean-environment.ts';
import { addCounts, formatCounts, NO_TESTS } from './test-runner/counts.ts';
import { runLanes } from './test-runner/run-lanes.ts';
import { runSuite } from './test-runner/run-suite.ts';
import { findTestFiles, type Selection, type Suite, selectTests } from './test-runner/suites.ts';

const INTERRUPTED_EXIT_CODE = 130;

await runScript(async () => {
  const selection = selectTests(process.argv.slice(2));
  const chosen = selection.suites
    .map((suite) => ({ suite, files: findTestFiles(PROJECT, suite, selection) }))
    .filter(({ files }) => files.length > 0);
  if (chosen.length === 0) throw new SetupError('No test file matches.');

  await prepareNpmPackages();
  const needsBrowser = chosen.some(({ suite }) => suite.name === 'e2e');
  await prepareSystemPackages([FFMPEG, POSTGRESQL, UTIL_LINUX, ...(needsBrowser ? [CHROMIUM] : [])]);
  await prepareOtherStacks(chosen);
  const environment = await cleanEnvironment({
    MEDIASOUP_WORKER_BIN: await prepareMediaWorker(),
    KAA_LONG: selection.isLong ? '1' : '0',
  });
  await runSuites(chosen, { selection, environment });
});

interface Chosen {
  readonly suite: Suite;
  readonly files: readonly string[];
}

/** Clients that are not ours: their tests are skipped where these are not there. */
async function prepareOtherStacks(chosen: readonly Chosen[]): Promise<void> {
  const wants = (part: string) =>
    chosen.some(({ files }) => files.some((file) => file.startsWith('test/') && file.includes(part)));
  if (wants('firefox')) await prepareOptionalPackages('Firefox', [FIREFOX]);
  if (!['interoperability', 'examples', 'grpc-python'].some(wants)) return;
  await prepareOptionalPackages('aiortc', AIORTC);
  await prepareOptionalPackages('grpcio', GRPCIO);
  await prepareOptionalPackages('GStreamer', GSTREAMER);
}

async function runSuites(
  chosen: readonly Chosen[],
  { selection, environment }: { selection: Selection; environment: NodeJS.ProcessEnv },
): Promise<void> {
  const interruption = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => interruption.abort());

  let total = NO_TESTS;
  const wrong: string[] = [];
  const unsteady: string[] = [];
  for (const { suite, files } of chosen) {
    if (interruption.signal.aborted) break;
    console.log(`\n── ${suite.name}: ${files.length} files`);
    const startedAt = performance.now();
    const run = {
      project: PROJECT,
      files,
      flags: selection.flags,
      environment,
      limitMs: suite.limitMs,
      signal: interruption.signal,
    };
    // Flags such as a pattern mean some tests of all files, which one process tells best.
    const isSplit = suite.lanes !== undefined && selection.flags.length === 0;
    const outcome = isSplit ? await runLanes(run, suite.lanes) : { ...(await runSuite(run)), unsteady: [] };
    const { counts, complaints, failures } = outcome;
    unsteady.push(...outcome.unsteady.map((text) => `~ ${suite.name}: ${text}`));
    wrong.push(...[...complaints, ...failures].map((text) => `✗ ${suite.name}: ${text}`));
    console.log(
      `── ${suite.name}: ${formatCounts(counts)} in ${formatElapsed(performance.now() - startedAt)}`,
    );
    total = addCounts(total, counts);
  }
  if (unsteady.length > 0) console.log(`\nWhat failed, and passed alone:\n${unsteady.join('\n')}`);
  if (wrong.length > 0) console.log(`\nWhat failed:\n${wrong.join('\n')}`);
  console.log(`\n${formatCounts(total)}`);
  if (interruption.signal.aborted) process.exitCode = INTERRUPTED_EXIT_CODE;
  else if (total.failed > 0) process.exitCode = 1;
}
