/** The suites that `bun run test` knows: where their files are, how long one may take. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Glob } from 'bun';

export interface Suite {
  readonly name: string;
  readonly folders: readonly string[];
  readonly limitMs: number;
  /** How many of its files run at a time, each in a process of its own; without it one process takes them all. */
  readonly lanes?: number;
}

const MINUTE_MS = 60_000;
/** For a suite of long tests, whichever it is. */
const LONG_LIMIT_MS = 6 * 60 * MINUTE_MS;
const LONG_FLAG = '--long';
const LONG_FILE = '.long.test.';

const SUITES: readonly Suite[] = [
  { name: 'unit', folders: ['src', 'scripts', 'bench'], limitMs: 8 * MINUTE_MS },
  // Most of its time is spent waiting for media, which takes as long as it lasts.
  { name: 'integration', folders: ['test/integration'], limitMs: 35 * MINUTE_MS, lanes: 2 },
  { name: 'e2e', folders: ['test/e2e'], limitMs: 25 * MINUTE_MS, lanes: 1 },
];

export interface Selection {
  readonly suites: readonly Suite[];
  /** Parts of file names; a file is taken when it holds any of them, and every file when there are none. */
  readonly filters: readonly string[];
  /** For `bun test` itself. */
  readonly flags: readonly string[];
  /** Runs the long tests and nothing else; otherwise they are skipped, each with a line. */
  readonly isLong: boolean;
}

/** `bun run test [suite…] [part of a file name…] [--long] [flag of bun test…]`. A flag's value is given with `=`. */
export function selectTests(args: readonly string[]): Selection {
  const named = SUITES.filter((suite) => args.includes(suite.name));
  const suites = named.length > 0 ? named : SUITES;
  const isLong = args.includes(LONG_FLAG);
  return {
    suites: isLong ? suites.map(({ lanes: _, ...suite }) => ({ ...suite, limitMs: LONG_LIMIT_MS })) : suites,
    isLong,
    filters: args.filter((arg) => !arg.startsWith('-') && !SUITES.some((suite) => suite.name === arg)),
    flags: args.filter((arg) => arg.startsWith('-') && arg !== LONG_FLAG),
  };
}

/** Paths from the project's folder, sorted. */
export function findTestFiles(
  project: string,
  suite: Suite,
  { filters, isLong }: Pick<Selection, 'filters' | 'isLong'>,
): string[] {
  const files = suite.folders
    .filter((folder) => existsSync(join(project, folder)))
    .flatMap((folder) =>
      [...new Glob('**/*.test.{ts,tsx}').scanSync(join(project, folder))].map((file) => `${folder}/${file}`),
    );
  return files
    .filter((file) => !isLong || file.includes(LONG_FILE))
    .filter((file) => filters.length === 0 || filters.some((part) => file.includes(part)))
    .sort();
}
