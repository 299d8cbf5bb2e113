/** The table of the contract of storage in the documents is that of the suite as it is now. */
import { expect, test } from 'bun:test';
import { COMMON_CASES, KINDS, TITLES, whyNotRun } from '../support/storage/contract/cases.ts';
import { ELSEWHERE_CASES } from '../support/storage/contract/elsewhere.ts';
import { SUBJECTS } from '../support/storage/contract/outcomes.ts';
import { NOT_HERE, PAGE, readTable } from '../support/storage/contract/table.ts';

test('docs/storage.md has every test and every provider, and says what was not run ("bun run docs:storage" writes it)', async () => {
  const [head = [], , ...rows] = readTable(await Bun.file(PAGE).text());
  expect(head).toHaveLength(SUBJECTS.length + 1);
  expect(rows.map(([title]) => title)).toEqual([...TITLES]);
  for (const [index, subject] of SUBJECTS.entries()) {
    const cells = rows.map((row) => row[index + 1] ?? '');
    // MinIO is not everywhere.
    if (subject === 'minio' && cells.every((cell) => cell === NOT_HERE)) continue;
    const expected = [
      ...COMMON_CASES.map(() => undefined),
      ...ELSEWHERE_CASES.map((elsewhere) => whyNotRun(elsewhere, KINDS[subject])),
    ];
    for (const [row, why] of expected.entries()) {
      if (why === undefined) expect(cells[row], `${subject}: ${TITLES[row]}`).toStartWith('✓');
      else expect(cells[row], `${subject}: ${TITLES[row]}`).toBe(`– ${why}`);
    }
  }
});
