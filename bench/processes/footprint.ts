/** What this process holds once everything that nobody needs is collected. */
import { heapStats } from 'bun:jsc';

export interface Footprint {
  /** JavaScript objects and what belongs to them, of the main thread, in bytes. */
  readonly heapBytes: number;
  /** Of the main thread: bytes come and go with compiled code, but a leak keeps its objects. */
  readonly heapObjects: number;
  /** The whole process, in bytes: with its threads, and with what allocators keep for later. */
  readonly residentBytes: number;
}

const ROUNDS = 4;
/** Finalizers and weak references are done between two collections. */
const PAUSE_MS = 50;

export async function measureFootprint(): Promise<Footprint> {
  for (let round = 0; round < ROUNDS; round += 1) {
    Bun.gc(true);
    await Bun.sleep(PAUSE_MS);
  }
  const { heapSize, extraMemorySize, objectCount } = heapStats();
  return {
    heapBytes: heapSize + extraMemorySize,
    heapObjects: objectCount,
    residentBytes: process.memoryUsage.rss(),
  };
}
