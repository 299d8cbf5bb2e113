/** Runs one suite as a process group of its own, so that whatever it leaves behind ends with it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Counts, NO_TESTS, readReport } from './counts.ts';

/** For tests that do not set their own: generous, because CI machines are slow and real workers have to start. */
const TEST_TIMEOUT_MS = 30_000;

export interface SuiteRun {
  readonly project: string;
  readonly files: readonly string[];
  readonly flags: readonly string[];
  readonly environment: NodeJS.ProcessEnv;
  readonly limitMs: number;
  /** Ends the suite early. */
  readonly signal: AbortSignal;
  /** When people see what it prints: as it comes, a dot for a test (default); only failures, at the end; never. */
  readonly output?: 'at-end' | 'ignore';
}

export interface SuiteOutcome {
  readonly counts: Counts;
  /** What went wrong beside failing tests; each is counted as one failure. */
  readonly complaints: readonly string[];
  /** The failed tests, a line each. */
  readonly failures: readonly string[];
}

type Ending =
  | { readonly kind: 'exit'; readonly code: number | null }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'aborted' };

export async function runSuite(run: SuiteRun): Promise<SuiteOutcome> {
  const folder = await mkdtemp(join(tmpdir(), 'kaa-tests-'));
  const reportPath = join(folder, 'report.xml');
  try {
    const ending = await runProcess(run, reportPath);
    const report = readReport(await readFile(reportPath, 'utf8').catch(() => ''));
    const counts = report?.counts ?? NO_TESTS;
    const complaints = findComplaints({ run, ending, counts, reported: report?.files });
    return {
      counts: { ...counts, failed: counts.failed + complaints.length },
      complaints,
      failures: report?.failures ?? [],
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function runProcess(run: SuiteRun, reportPath: string): Promise<Ending> {
  const args = [
    '--no-env-file',
    'test',
    `--timeout=${TEST_TIMEOUT_MS}`,
    '--reporter=junit',
    `--reporter-outfile=${reportPath}`,
    run.output === undefined ? '--dots' : '--only-failures',
    ...run.flags,
  ];
  const output = run.output === 'at-end' ? 'pipe' : (run.output ?? 'inherit');
  const child = spawn(process.execPath, [...args, ...run.files.map((file) => `./${file}`)], {
    cwd: run.project,
    env: run.environment,
    stdio: ['ignore', output, output],
    detached: true,
  });
  const printed: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => printed.push(chunk));
  const ending = Promise.withResolvers<Ending>();
  child.once('error', () => ending.resolve({ kind: 'exit', code: null }));
  child.once('exit', (code) => ending.resolve({ kind: 'exit', code }));
  const limit = setTimeout(() => ending.resolve({ kind: 'timeout' }), run.limitMs);
  const abort = () => ending.resolve({ kind: 'aborted' });
  run.signal.addEventListener('abort', abort);
  if (run.signal.aborted) abort();
  try {
    return await ending.promise;
  } finally {
    clearTimeout(limit);
    run.signal.removeEventListener('abort', abort);
    killGroup(child);
    if (run.output === 'at-end') process.stderr.write(Buffer.concat(printed));
  }
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // Nothing of the group is left, as it should be.
  }
}

interface Evidence {
  readonly run: SuiteRun;
  readonly ending: Ending;
  readonly counts: Counts;
  readonly reported: ReadonlySet<string> | undefined;
}

function findComplaints({ run, ending, counts, reported }: Evidence): string[] {
  if (ending.kind === 'timeout') return [`took longer than ${run.limitMs / 60_000} minutes and was ended`];
  if (ending.kind === 'aborted') return ['was interrupted'];
  // With flags such as `--test-name-pattern` a file may rightly have nothing to run.
  const silent = run.flags.length > 0 ? [] : run.files.filter((file) => reported?.has(file) !== true);
  if (silent.length > 0) return silent.map((file) => `${file} ran no test: it failed to load, or has none`);
  if (ending.code !== 0 && counts.failed === 0) return [`ended with exit code ${ending.code}`];
  // A file of long tests alone is skipped as a whole; a pattern that skips everything was a mistake.
  const counted = counts.passed + counts.failed + (run.flags.length > 0 ? 0 : counts.skipped);
  if (counted === 0) return ['ran no test'];
  return [];
}
