/**
 * Whatever is killed, and whenever: the recording ends completed, with all but the last second before the kill, and nothing is
 * left over. Some cells with each commit, others with each commit; all of them, many times, in the long suite.
 */
import { beforeAll, describe, expect, test } from 'bun:test';
import { chance } from '../support/chance.ts';
import { type Cell, PHASES, runCell, VICTIMS } from '../support/kills/cell.ts';
import { seedOfCommit } from '../support/kills/seed.ts';
import { type Clip, makeClip } from '../support/media/clip.ts';

const CELLS_IN_CI = 6;
const TIMEOUT_MS = 180_000;

let clip: Clip;
beforeAll(async () => {
  clip = await makeClip(60);
}, TIMEOUT_MS);

const seed = await seedOfCommit();
const random = chance(seed);
const all: readonly Cell[] = VICTIMS.flatMap((victim) =>
  PHASES.map((phase) => ({ victim, phase, moment: random() })),
);
const shuffled = all.map((cell) => ({ cell, order: random() })).toSorted((a, b) => a.order - b.order);
const chosen = shuffled.slice(0, CELLS_IN_CI).map(({ cell }) => cell);

describe(`the kill matrix, seed ${seed}`, () => {
  test.each(chosen.map((cell) => [cell.victim, cell.phase, cell] as const))(
    '%s killed while %s',
    async (_victim, _phase, cell) => {
      const { complaints, flashes, completedAfterSeconds } = await runCell(cell, clip);
      console.log(
        `moment ${cell.moment.toFixed(2)}: ${flashes.expected} flashes, completed after ${completedAfterSeconds.toFixed(1)} s`,
      );
      expect(complaints).toEqual([]);
      expect(flashes.expected).toBeGreaterThan(1);
    },
    TIMEOUT_MS,
  );
});
