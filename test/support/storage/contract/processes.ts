/** The contract of storage: large files, and processes that die. */
import { expect } from 'bun:test';
import { putInProcess } from '../put-in-process.ts';
import { openStorage, sha256Of } from '../world.ts';
import type { ContractCase } from './contract-case.ts';

const MIB = 1_024 * 1_024;
const LARGE = 200 * MIB;
const MEMORY_LIMIT = 64 * MIB;
const TIMEOUT_MS = 120_000;

export const PROCESS_CASES: readonly ContractCase[] = [
  {
    title: '200 MB are put with less than 64 MB of memory',
    isLong: true,
    timeoutMs: TIMEOUT_MS,
    async run({ storage, world, workshop, prefix }) {
      const key = `${prefix}huge`;
      const path = await workshop.write('huge', LARGE);
      const outcome = await putInProcess({ world, key, path });
      if (outcome === 'killed') throw new Error('it was killed');
      expect(outcome.size).toBe(LARGE);
      expect(outcome.grownBytes).toBeLessThan(MEMORY_LIMIT);
      expect(await sha256Of(await storage.get(key))).toBe(await sha256Of(Bun.file(path).stream()));
      await storage.deleteAll(prefix);
      return `(${Math.round(outcome.grownBytes / MIB)} MiB)`;
    },
  },
  {
    title:
      'a process killed in the middle of a put leaves no half file, and the next one leaves no stray part',
    timeoutMs: TIMEOUT_MS,
    async run({ storage, world, workshop, prefix }) {
      const key = `${prefix}killed`;
      const path = await workshop.write('killed', LARGE / 4);
      const order = { world, key, path };
      expect(await putInProcess({ ...order, killAfterBytes: LARGE / 8 })).toBe('killed');
      expect(await storage.head(key)).toBeUndefined();
      expect((await storage.list(key)).objects.filter((object) => object.key === key)).toEqual([]);
      expect(await world.strays(prefix)).toHaveLength(1);
      const outcome = await putInProcess(order);
      if (outcome === 'killed') throw new Error('it was killed');
      if (world.resumes) expect(outcome.firstProgress).toBeGreaterThanOrEqual(LARGE / 8);
      expect(await sha256Of(await storage.get(key))).toBe(await sha256Of(Bun.file(path).stream()));
      expect(await world.strays(prefix)).toEqual([]);
    },
  },
  {
    title: 'what a killed process left of a file that nobody puts again goes with the deletion',
    timeoutMs: TIMEOUT_MS,
    async run({ world, workshop, prefix }) {
      const path = await workshop.write('abandoned', LARGE / 4);
      const order = { world, key: `${prefix}abandoned`, path, killAfterBytes: LARGE / 8 };
      expect(await putInProcess(order)).toBe('killed');
      expect(await world.strays(prefix)).toHaveLength(1);
      const next = await openStorage(world);
      await next.deleteAll(prefix);
      expect(await world.strays(prefix)).toEqual([]);
      await next.close();
    },
  },
];
