/** What the kernel counts of one process: its time on a processor and the memory that it holds. */
import { readdir, readFile } from 'node:fs/promises';

/** USER_HZ of proc(5): 100 on every architecture that Bun runs on, whatever the kernel's own tick is. */
const MS_PER_TICK = 10;
const NS_PER_MS = 1_000_000;
const BYTES_PER_KIB = 1024;
/** What Bun calls the thread of a `Worker`. */
const WORKER_THREAD = 'Worker';
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

/** Milliseconds of processor time of two kinds of threads of a Bun process so far; all others compile, collect and the like. */
export interface ThreadTimes {
  /** Runs the JavaScript, and its system calls. */
  readonly main: number;
  /** Those of every `Worker`; of the server that is the embedded database. */
  readonly workers: number;
}

/** Finer than `readCpuMs`. Of threads that have ended nothing is counted. Rejects when the process is gone. */
export async function readThreadTimes(pid: number): Promise<ThreadTimes> {
  const times = { main: 0, workers: 0 };
  for (const tid of await readdir(`/proc/${pid}/task`)) {
    const read = (file: string) => readFile(`/proc/${pid}/task/${tid}/${file}`, 'utf8').catch(() => '');
    const ms = Number((await read('schedstat')).split(' ')[0]) / NS_PER_MS;
    if (Number(tid) === pid) times.main += ms;
    else if ((await read('comm')).trim() === WORKER_THREAD) times.workers += ms;
  }
  return times;
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
