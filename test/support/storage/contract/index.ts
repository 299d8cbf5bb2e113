/** The contract of storage as a suite: what every provider must do, run against one of them. */
import { afterAll, beforeAll, describe, test } from 'bun:test';
import { newId } from '../../../../src/lib/index.ts';
import type { StorageProvider } from '../../../../src/storage/index.ts';
import { FaultPlan } from '../faults.ts';
import { openStorage, type StorageWorld, Workshop } from '../world.ts';
import { COMMON_CASES, KINDS, whyNotRun } from './cases.ts';
import type { CaseNote, ElsewhereCase } from './contract-case.ts';
import { ELSEWHERE_CASES } from './elsewhere.ts';
import { type Outcomes, type Part, type SubjectName, writeOutcomes } from './outcomes.ts';

/** The long part has what takes minutes for all of them together. */
export function describeContract(
  subject: SubjectName,
  open: () => Promise<StorageWorld>,
  part: Part = 'usual',
): void {
  describe(`the contract of storage, ${subject}`, () => {
    const outcomes: Outcomes = {};
    let workshop: Workshop;
    let world: StorageWorld;
    let storage: StorageProvider;
    beforeAll(async () => {
      workshop = await Workshop.create();
      world = await open();
      storage = await openStorage(world);
    }, 60_000);
    afterAll(async () => {
      await storage?.close();
      await world?.close();
      await workshop?.close();
      await writeOutcomes(subject, part, outcomes);
    });

    for (const { title, timeoutMs = 30_000, isLong = false, run } of COMMON_CASES) {
      if (isLong !== (part === 'long')) continue;
      testCase(title, timeoutMs, () => run({ storage, world, workshop, prefix: `calls/${newId()}/` }));
    }
    if (part === 'long') return;
    for (const elsewhere of ELSEWHERE_CASES) {
      const { title, timeoutMs = 60_000, run } = elsewhere;
      const why = whyNotRun(elsewhere, KINDS[subject]);
      if (why === undefined) testCase(title, timeoutMs, () => runElsewhere(run));
      else outcomes[title] = { passed: false, note: why };
    }

    function testCase(title: string, timeoutMs: number, run: () => Promise<CaseNote>): void {
      test(
        title,
        async () => {
          const note = await run();
          outcomes[title] = { passed: true, ...(typeof note === 'string' && { note }) };
        },
        timeoutMs,
      );
    }

    async function runElsewhere(run: ElsewhereCase['run']): Promise<CaseNote> {
      const { elsewhere } = world;
      if (!elsewhere) throw new Error('the world tells nothing of elsewhere');
      const opened: StorageProvider[] = [];
      const faults = elsewhere.standIn?.faults ?? new FaultPlan();
      try {
        return await run({
          storage,
          world,
          workshop,
          prefix: `calls/${newId()}/`,
          elsewhere,
          faults,
          async open(config) {
            const other = await openStorage({ ...world, config });
            opened.push(other);
            return other;
          },
        });
      } finally {
        faults.clear();
        for (const other of opened) await other.close();
      }
    }
  });
}
