/** What the kernel counts of one process: its time on a processor and the memory that it holds. */
import { readFile } from 'node:fs/promises';

/** USER_HZ of proc(5): 100 on every architecture that Bun runs on, whatever the kernel's own tick is. */
const MS_PER_TICK = 10;
const BYTES_PER_KIB = 1024;
/** Of proc(5), counted after the name in brackets, which may hold anything. */
const UTIME = 11;
const STIME = 12;

/** Milliseconds of processor time that a process has used so far, all of its threads, user and system. Rejects when it is gone. */
export async function readCpuMs(pid: number): Promise<number> {
  return parseCpuMs(await readFile(`/proc/${pid}/stat`, 'utf8'));
}

export function parseCpuMs(stat: string): number {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[UTIME]) + Number(fields[STIME])) * MS_PER_TICK;
}

/** Of several processes together. */
export async function readTotalCpuMs(pids: readonly number[]): Promise<number> {
  const times = await Promise.all(pids.map(readCpuMs));
  return times.reduce((sum, time) => sum + time, 0);
}

/** Bytes of a process that are in memory, page by page: `VmRSS` of its status is only about right. Rejects when it is gone. */
export async function readResidentBytes(pid: number): Promise<number> {
  const rollup = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8');
  return Number(rollup.match(/^Rss:\s+(\d+) kB/m)?.[1]) * BYTES_PER_KIB;
}

/** Of several processes together. */
export async function readTotalResidentBytes(pids: readonly number[]): Promise<number> {
  const sizes = await Promise.all(pids.map(readResidentBytes));
  return sizes.reduce((sum, size) => sum + size, 0);
}
