/** Runs the files of a suite side by side, each in a process of its own: what one leaves behind harms no other. */
import { formatElapsed } from '../setup/index.ts';
import { addCounts, formatCounts, NO_TESTS } from './counts.ts';
import { runSuite, type SuiteOutcome, type SuiteRun } from './run-suite.ts';

export interface LanesOutcome extends SuiteOutcome {
  /** What failed first and passed when its file ran once more, alone: a line each. It is counted as it ended. */
  readonly unsteady: readonly string[];
}

/** Where more files fail than that, it is not for want of time. */
const MAX_UNSTEADY_FILES = 3;

/**
 * The limit is that of all files together. What a file prints appears when it has ended, in one piece, and a line of it. Few files
 * that fail run once more when all others have ended: what has to do with time passes then, and is told all the same.
 */
export async function runLanes(run: SuiteRun, lanes: number): Promise<LanesOutcome> {
  const endsAt = performance.now() + run.limitMs;
  const waiting = [...run.files];
  const outcomes = new Map<string, SuiteOutcome>();
  const runOne = async (file: string) =>
    outcomes.set(file, await runFile(run, { file, limitMs: Math.max(0, endsAt - performance.now()) }));
  const lane = async () => {
    for (let file = waiting.shift(); file !== undefined && !run.signal.aborted; file = waiting.shift())
      await runOne(file);
  };
  await Promise.all(Array.from({ length: lanes }, lane));

  const failed = [...outcomes].filter(([, { counts }]) => counts.failed > 0);
  const unsteady: string[] = [];
  for (const [file, first] of failed.length <= MAX_UNSTEADY_FILES ? failed : []) {
    if (run.signal.aborted || performance.now() > endsAt) break;
    if (run.output !== 'ignore') console.log(`Once more, alone: ${file}`);
    await runOne(file);
    if (outcomes.get(file)?.counts.failed === 0) unsteady.push(...first.complaints, ...first.failures);
  }
  const all = [...outcomes.values()];
  return {
    counts: all.reduce((sum, { counts }) => addCounts(sum, counts), NO_TESTS),
    complaints: all.flatMap(({ complaints }) => complaints),
    failures: all.flatMap(({ failures }) => failures),
    unsteady,
  };
}

async function runFile(
  run: SuiteRun,
  { file, limitMs }: { readonly file: string; readonly limitMs: number },
): Promise<SuiteOutcome> {
  const startedAt = performance.now();
  const outcome = await runSuite({ output: 'at-end', ...run, files: [file], limitMs });
  if (run.output !== 'ignore') {
    const elapsed = formatElapsed(performance.now() - startedAt);
    const sign = outcome.counts.failed === 0 ? '✓' : '✗';
    console.log(`${sign} ${file}: ${formatCounts(outcome.counts)} in ${elapsed}`);
  }
  return {
    ...outcome,
    complaints: outcome.complaints.map((text) => (text.includes(file) ? text : `${file} ${text}`)),
  };
}
