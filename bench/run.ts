/** `bun run bench [name…] [--smoke]`: makes everything ready, runs the benchmarks one after another, prints and keeps their results. */
import {
  CHROMIUM,
  prepareMediaWorker,
  prepareNpmPackages,
  prepareSystemPackages,
  runScript,
  SetupError,
} from '../scripts/setup/index.ts';

await runScript(async () => {
  const args = process.argv.slice(2);
  const isSmoke = args.includes('--smoke');
  await prepareNpmPackages();
  // Not before this moment: a fresh clone has no packages to import.
  const { BENCHMARKS } = await import('./benchmarks.ts');
  const { runBenchmark } = await import('./run-benchmark.ts');
  const named = args.filter((arg) => !arg.startsWith('-'));
  const known = Object.keys(BENCHMARKS);
  const unknown = named.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new SetupError(`There is no benchmark "${unknown}". There are ${known.join(', ')}.`);
  }
  const chosen = Object.entries(BENCHMARKS).filter(([name]) => named.length === 0 || named.includes(name));
  if (chosen.some(([, { needsBrowser }]) => needsBrowser)) await prepareSystemPackages([CHROMIUM]);
  process.env.MEDIASOUP_WORKER_BIN = await prepareMediaWorker();
  for (const [name, benchmark] of chosen) await runBenchmark(name, benchmark, { isSmoke });
});
