/** The table of the contract in `docs/storage.md`: provider by test. */
import { join } from 'node:path';
import { TITLES } from './cases.ts';
import { type Outcomes, SUBJECTS, type SubjectName } from './outcomes.ts';

export const PAGE = join(import.meta.dir, '../../../../docs/storage.md');
const BEGIN = '<!-- contract: written by `bun run docs:storage` -->';
const END = '<!-- end of contract -->';
export const NOT_HERE = 'not run';

const HEADINGS: Readonly<Record<SubjectName, string>> = {
  local: 'local',
  s3: 's3 (stand-in)',
  minio: 's3 (MinIO)',
  gcs: 'gcs (stand-in)',
  'vercel-blob': 'vercel-blob (stand-in)',
};

export type Results = Readonly<Record<SubjectName, Outcomes | undefined>>;

export function renderTable(results: Results): string {
  const head = ['what must hold', ...SUBJECTS.map((subject) => HEADINGS[subject])];
  const lines = TITLES.map((title) => [
    title,
    ...SUBJECTS.map((subject) => {
      const outcomes = results[subject];
      if (!outcomes) return NOT_HERE;
      const { passed, note } = outcomes[title] ?? { passed: false, note: 'FAILED' };
      return [passed ? '✓' : '–', note].filter((text) => text !== undefined).join(' ');
    }),
  ]);
  const rows = [head, head.map(() => '---'), ...lines];
  return rows.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

export function readTable(page: string): string[][] {
  const [, rest = ''] = page.split(BEGIN);
  const [table = ''] = rest.split(END);
  const rows = table.split('\n').filter((line) => line.startsWith('| '));
  return rows.map((row) => row.slice(2, -2).split(' | '));
}

/** Throws when the page has no place for it. */
export function putTable(page: string, table: string): string {
  const [before, rest] = page.split(BEGIN);
  const after = rest?.split(END)[1];
  if (before === undefined || after === undefined) throw new Error('the page has no place for the table');
  return `${before}${BEGIN}\n${table}\n${END}${after}`;
}
