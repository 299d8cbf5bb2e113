/** The contract of storage as a suite: what every provider must do, run against one of them. */
import { afterAll, beforeAll, describe, test } from 'bun:test';
import { newId } from '../../../../src/lib/index.ts';
import type { StorageProvider } from '../../../../src/storage/index.ts';
import { openStorage, type StorageWorld, Workshop } from '../world.ts';
import { KEY_CASES } from './keys.ts';
import { OBJECT_CASES } from './objects.ts';
import { PROCESS_CASES } from './processes.ts';

export function describeContract(provider: string, open: () => Promise<StorageWorld>): void {
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
  });
}
