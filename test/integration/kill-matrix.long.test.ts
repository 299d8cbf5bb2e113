/** The whole kill matrix, several times over; prints the table that docs/reliability.md has. */
import { expect, test } from 'bun:test';
import { chance } from '../support/chance.ts';
import { type Cell, PHASES, runCell, VICTIMS } from '../support/kills/cell.ts';
import { seedOfCommit } from '../support/kills/seed.ts';
import { describeLong } from '../support/long.ts';
import { makeClip } from '../support/media/clip.ts';

const ROUNDS = Number(process.env.KAA_ROUNDS ?? 5);
const CELL_TIMEOUT_MS = 180_000;

describeLong('the whole kill matrix', () => {
  test(
    `${ROUNDS} rounds`,
    async () => {
      const clip = await makeClip(60);
      const random = chance(await seedOfCommit());
      const rows: string[] = [];
      const complaints: string[] = [];
      for (const victim of VICTIMS) {
        const cells: string[] = [];
        for (const phase of PHASES) {
          let good = 0;
          for (let round = 0; round < ROUNDS; round += 1) {
            const cell: Cell = { victim, phase, moment: random() };
            const result = await runCell(cell, clip).catch((error: unknown) => ({
              complaints: [String(error)],
            }));
            if (result.complaints.length === 0) good += 1;
            const name = `${victim} killed while ${phase}, moment ${cell.moment.toFixed(3)}`;
            complaints.push(...result.complaints.map((complaint) => `${name}: ${complaint}`));
            console.log(
              `${name}: ${result.complaints.length === 0 ? 'completed' : result.complaints.join('; ')}`,
            );
          }
          cells.push(`${good}/${ROUNDS}`);
        }
        rows.push(`| ${victim} | ${cells.join(' | ')} |`);
      }
      console.log(
        [`| killed | ${PHASES.join(' | ')} |`, `|${' --- |'.repeat(PHASES.length + 1)}`, ...rows].join('\n'),
      );
      expect(complaints).toEqual([]);
    },
    ROUNDS * VICTIMS.length * PHASES.length * CELL_TIMEOUT_MS,
  );
});
