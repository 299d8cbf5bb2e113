/** What the server's process and its workers hold, for tests that prove that nothing grows. */
import { readFile } from 'node:fs/promises';

const MEBIBYTE = 1024 * 1024;

export interface Footprint {
  /** JavaScript objects after a collection, in MiB. */
  readonly heapMiB: number;
  /** The whole process, in MiB. */
  readonly residentMiB: number;
  /** All workers together, in MiB. */
  readonly workersMiB: number;
}

export async function measureFootprint(workerPids: readonly number[]): Promise<Footprint> {
  for (let round = 0; round < 3; round += 1) {
    Bun.gc(true);
    await Bun.sleep(50);
  }
  const { heapUsed, rss } = process.memoryUsage();
  const workers = await Promise.all(workerPids.map(residentBytes));
  return {
    heapMiB: heapUsed / MEBIBYTE,
    residentMiB: rss / MEBIBYTE,
    workersMiB: workers.reduce((sum, bytes) => sum + bytes, 0) / MEBIBYTE,
  };
}

async function residentBytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(status.match(/^VmRSS:\s+(\d+) kB/m)?.[1] ?? 0) * 1024;
}
