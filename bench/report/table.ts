/** A result as a table of text, in Markdown so that it can be kept as it is. */
import type { Row } from '../benchmark.ts';
import type { Summary } from '../measure/statistics.ts';
import { judge } from './verdict.ts';

const HEADINGS = ['measure', 'unit', 'Kaa', 'baseline', 'ratio', 'target', 'verdict'];
const FIRST_NUMBER = 2;
/** As many digits as a measurement on a noisy machine has. */
const DIGITS = 3;

export function formatTable(rows: readonly Row[]): string {
  const cells = [HEADINGS, ...rows.map(cellsOf)];
  const widths = HEADINGS.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  const lines = cells.map((row) => line(row.map((cell, column) => pad(cell, column, widths[column] ?? 0))));
  const rule = line(
    widths.map((width, column) => (column < FIRST_NUMBER ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)),
  );
  return [lines[0], rule, ...lines.slice(1)].join('\n');
}

function cellsOf(row: Row): string[] {
  return [
    row.name,
    row.unit,
    formatSummary(row.kaa),
    row.baseline ? formatSummary(row.baseline) : '',
    row.ratio ? formatSummary(row.ratio) : '',
    row.atMost === undefined ? '' : `≤ ${row.atMost}`,
    judge(row),
  ];
}

/** The median, and the quartiles where there are several values. */
function formatSummary({ median, low, high, count }: Summary): string {
  return count === 1
    ? formatNumber(median)
    : `${formatNumber(median)} (${formatNumber(low)} to ${formatNumber(high)})`;
}

/** Three digits, and never an exponent. */
export function formatNumber(value: number): string {
  const whole = Math.floor(Math.log10(Math.abs(value))) + 1;
  if (!Number.isFinite(whole)) return String(value);
  return value.toFixed(Math.min(Math.max(DIGITS - whole, 0), DIGITS));
}

function pad(cell: string, column: number, width: number): string {
  return column < FIRST_NUMBER ? cell.padEnd(width) : cell.padStart(width);
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}
