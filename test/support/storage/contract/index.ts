/** The contract of storage as a suite: what every provider must do, run against one of them. */
import { afterAll, beforeAll, describe, test } from 'bun:test';
import { newId } from '../../../../src/lib/index.ts';
import type { StorageProvider } from '../../../../src/storage/index.ts';
import { FaultPlan } from '../faults.ts';
import { openStorage, type StorageWorld, Workshop } from '../world.ts';
import type { ElsewhereCase } from './contract-case.ts';
import { ELSEWHERE_CASES } from './elsewhere.ts';
import { KEY_CASES } from './keys.ts';
import { OBJECT_CASES } from './objects.ts';
import { PROCESS_CASES } from './processes.ts';

/** `here`: a folder of this machine. `elsewhere`: over a network. `stand-in`: elsewhere, and it fails on demand. */
export type Kind = 'here' | 'elsewhere' | 'stand-in';

export function describeContract(provider: string, kind: Kind, open: () => Promise<StorageWorld>): void {
  describe(`the contract of storage, ${provider}`, () => {
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
    });

    for (const { title, timeoutMs = 30_000, run } of [...OBJECT_CASES, ...KEY_CASES, ...PROCESS_CASES]) {
      test(title, () => run({ storage, world, workshop, prefix: `calls/${newId()}/` }), timeoutMs);
    }
    if (kind === 'here') return;

    for (const { title, timeoutMs = 60_000, needsStandIn, run } of ELSEWHERE_CASES) {
      if (needsStandIn && kind === 'elsewhere') {
        test.skip(`${title} (only a stand-in fails on demand)`, () => {});
        continue;
      }
      test(title, () => runElsewhere(run), timeoutMs);
    }

    async function runElsewhere(run: ElsewhereCase['run']): Promise<void> {
      const { elsewhere } = world;
      if (!elsewhere) throw new Error('the world tells nothing of elsewhere');
      const opened: StorageProvider[] = [];
      const faults = elsewhere.standIn?.faults ?? new FaultPlan();
      try {
        await run({
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
