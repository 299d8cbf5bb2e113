/** What a benchmark is to the runner: a name, what it needs, and rows of a table as its result. */
import { type Summary, summarize } from './measure/statistics.ts';

export interface BenchmarkOptions {
  /** A run of seconds that shows that everything works; its numbers mean nothing. */
  readonly isSmoke: boolean;
  /** Takes a line on what happens now. */
  readonly report: (line: string) => void;
}

export interface Row {
  readonly name: string;
  readonly unit: string;
  readonly kaa: Summary;
  readonly baseline?: Summary;
  /** Kaa to baseline, by round. */
  readonly ratio?: Summary;
  /** The ratio should be no more than this. */
  readonly atMost?: number;
}

export interface Result {
  readonly rows: readonly Row[];
  /** What was done, in numbers: shows that the measured thing really happened. */
  readonly counts: Readonly<Record<string, number>>;
  /** Values over the run, where the course matters and not the level. */
  readonly series?: Readonly<Record<string, readonly number[]>>;
}

export interface Benchmark {
  /** Whether a browser is needed. */
  readonly needsBrowser: boolean;
  /** Why it cannot run on this machine; undefined when it can. */
  findObstacle(): Promise<string | undefined>;
  /** Leaves no process behind, whatever happens. */
  run(options: BenchmarkOptions): Promise<Result>;
}

/** A row that compares both sides round by round. */
export function comparison(
  named: Pick<Row, 'name' | 'unit' | 'atMost'>,
  rounds: readonly { readonly kaa: number; readonly bare: number }[],
): Row {
  const ratios = rounds.map(({ kaa, bare }) => kaa / bare).filter(Number.isFinite);
  return {
    ...named,
    kaa: summarize(rounds.map(({ kaa }) => kaa)),
    baseline: summarize(rounds.map(({ bare }) => bare)),
    // Nothing can be compared with a round in which the baseline used less time than the kernel counts.
    ...(ratios.length > 0 && { ratio: summarize(ratios) }),
  };
}

/** A row of one side alone. */
export function reading(named: Pick<Row, 'name' | 'unit'>, values: readonly number[]): Row {
  return { ...named, kaa: summarize(values) };
}
