/** Runs the files of a suite side by side, each in a process of its own: what one leaves behind harms no other. */
import { formatElapsed } from '../setup/index.ts';
import { addCounts, formatCounts, NO_TESTS } from './counts.ts';
import { runSuite, type SuiteOutcome, type SuiteRun } from './run-suite.ts';

/** The limit is that of all files together. What a file prints appears when it has ended, in one piece, and a line of it. */
export async function runLanes(run: SuiteRun, lanes: number): Promise<SuiteOutcome> {
  const endsAt = performance.now() + run.limitMs;
  const waiting = [...run.files];
  const outcomes: SuiteOutcome[] = [];
  const lane = async () => {
    for (let file = waiting.shift(); file !== undefined && !run.signal.aborted; file = waiting.shift()) {
      const limitMs = Math.max(0, endsAt - performance.now());
      const startedAt = performance.now();
      const outcome = await runSuite({ output: 'at-end', ...run, files: [file], limitMs });
      const { counts, complaints } = outcome;
      if (run.output !== 'ignore') {
        const elapsed = formatElapsed(performance.now() - startedAt);
        console.log(`${counts.failed === 0 ? '✓' : '✗'} ${file}: ${formatCounts(counts)} in ${elapsed}`);
      }
      outcomes.push({
        ...outcome,
        complaints: complaints.map((text) => (text.includes(file) ? text : `${file} ${text}`)),
      });
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return {
    counts: outcomes.reduce((sum, { counts }) => addCounts(sum, counts), NO_TESTS),
    complaints: outcomes.flatMap(({ complaints }) => complaints),
    failures: outcomes.flatMap(({ failures }) => failures),
  };
}
