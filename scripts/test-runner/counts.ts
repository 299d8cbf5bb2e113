/** How many tests passed, and which failed: read from the report of each suite, never guessed. */

export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export const NO_TESTS: Counts = { passed: 0, failed: 0, skipped: 0 };

export function addCounts(a: Counts, b: Counts): Counts {
  return { passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: a.skipped + b.skipped };
}

/** The last line that `bun run test` prints. */
export function formatCounts({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

export interface SuiteReport {
  readonly counts: Counts;
  /** The files whose tests are in it. */
  readonly files: ReadonlySet<string>;
  /** A line for each failed test: where it is, what it is called, what it said first. */
  readonly failures: readonly string[];
}

const MAX_REASON_LENGTH = 160;

/** Reads the JUnit report of `bun test`; `undefined` when it is none. */
export function readReport(xml: string): SuiteReport | undefined {
  const total = /<testsuites\b[^>]*>/.exec(xml)?.[0];
  if (total === undefined) return undefined;
  const tests = readNumber(total, 'tests');
  const failed = readNumber(total, 'failures');
  const skipped = readNumber(total, 'skipped');
  if (tests === undefined || failed === undefined || skipped === undefined) return undefined;
  const files = new Set<string>();
  for (const [suite] of xml.matchAll(/<testsuite\b[^>]*>/g)) {
    const file = /\bfile="([^"]*)"/.exec(suite)?.[1];
    if (file !== undefined) files.add(file);
  }
  return {
    counts: { passed: tests - failed - skipped, failed, skipped },
    files,
    failures: readFailures(xml),
  };
}

function readFailures(xml: string): string[] {
  return [...xml.matchAll(/<testcase\b([^>]*)>\s*<failure\b([^>]*)>/g)].map(([, test = '', failure = '']) => {
    const reason = readText(failure, 'message').replace(/\s+/g, ' ').trim().slice(0, MAX_REASON_LENGTH);
    return `${readText(test, 'file')}:${readText(test, 'line')} ${readText(test, 'name')}: ${reason}`;
  });
}

const ENTITIES: Readonly<Record<string, string>> = {
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  amp: '&',
  '#10': '\n',
};

function readText(tag: string, attribute: string): string {
  const text = new RegExp(`\\b${attribute}="([^"]*)"`).exec(tag)?.[1] ?? '';
  return text.replace(/&(#?\w+);/g, (entity, name: string) => ENTITIES[name] ?? entity);
}

function readNumber(tag: string, attribute: string): number | undefined {
  const text = new RegExp(`\\b${attribute}="(\\d+)"`).exec(tag)?.[1];
  return text === undefined ? undefined : Number(text);
}
