/** Tells a person at a terminal what is being set up, and how long it took. Writes to stderr: stdout belongs to the program. */

/** From here on a step says how long it took. */
const NOTEWORTHY_MS = 1000;
/** A step that was silent for this long says that it still runs. */
const STILL_RUNNING_MS = 15_000;

/** Thrown when a person has to do something; the message says what, and needs no stack trace. */
export class SetupError extends Error {
  override name = 'SetupError';
}

export interface Step<T> {
  readonly title: string;
  /** Returns its result, and words on how it came about when that is worth telling. */
  readonly run: (report: (line: string) => void) => Promise<{ result: T; notes: readonly string[] }>;
}

export async function runStep<T>({ title, run }: Step<T>): Promise<T> {
  const startedAt = performance.now();
  const elapsed = () => performance.now() - startedAt;
  const remind = () => report(`${title}: ${formatElapsed(elapsed())}`);
  const reminder = setInterval(remind, STILL_RUNNING_MS);
  const report = (line: string) => {
    reminder.refresh();
    console.error(`  … ${line}`);
  };
  try {
    const { result, notes } = await run(report);
    const remark = [...notes, ...(elapsed() >= NOTEWORTHY_MS ? [formatElapsed(elapsed())] : [])].join(' in ');
    console.error(`  ✓ ${title}${remark === '' ? '' : ` (${remark})`}`);
    return result;
  } catch (error) {
    console.error(`  ✗ ${title}`);
    throw error;
  } finally {
    clearInterval(reminder);
  }
}

/** `2 m 41 s`, `3.2 s`. */
export function formatElapsed(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  const minutes = Math.floor(Math.round(seconds) / 60);
  const rest = Math.round(seconds) % 60;
  return minutes === 0 ? `${rest} s` : `${minutes} m ${rest} s`;
}

/** Runs the main function of a script; what a person has to mend is said without a stack trace, and ends with 1. */
export async function runScript(main: () => Promise<void>): Promise<void> {
  try {
    await main();
  } catch (error) {
    const isForPeople = error instanceof Error && ['SetupError', 'ConfigError'].includes(error.name);
    console.error(isForPeople ? `\n${error.message}` : error);
    process.exitCode = 1;
  }
}
