/** How much memory a process has now: what the system knows of it, not what it says of itself. */
import { readFile } from 'node:fs/promises';

/**
 * Resident bytes, or null on systems that do not tell (no `/proc`). The `ru_maxrss` of a worker is no answer: Linux hands
 * the peak of the parent down through `exec`, so a worker of 13 MiB reports the size of the server that started it.
 */
export async function residentMemory(pid: number): Promise<number | null> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const kibibytes = status.match(/^VmRSS:\s+(\d+) kB$/m)?.[1];
  return kibibytes === undefined ? null : Number(kibibytes) * 1_024;
}
