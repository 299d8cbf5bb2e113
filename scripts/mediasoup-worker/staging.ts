/** The folders in which workers are made, beside the cache entries, and what is left of them by processes that died. */
import { mkdir, readdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { identifyProcess, isAlive } from './process-identity.ts';

const PREFIX = '.making';

/** Makes a folder of this process's own, on the file system of the entry. */
export async function openStaging(entryDir: string): Promise<string> {
  const { pid, startTicks } = identifyProcess(process.pid);
  const suffix = [pid, startTicks ?? '', crypto.randomUUID().slice(0, 8)].join('~');
  const path = join(dirname(entryDir), `${PREFIX}~${basename(entryDir)}~${suffix}`);
  await mkdir(path);
  return path;
}

/** Removes the folders of this entry whose makers are gone. Does not touch those of a living process. */
export async function removeAbandonedStaging(entryDir: string): Promise<void> {
  const parent = dirname(entryDir);
  for (const name of await readdir(parent)) {
    const [prefix, entry, pid, startTicks] = name.split('~');
    if (prefix === PREFIX && entry === basename(entryDir) && pid && Number.isSafeInteger(Number(pid))) {
      if (!isAlive({ pid: Number(pid), startTicks: startTicks || null })) {
        await rm(join(parent, name), { recursive: true, force: true });
      }
    }
  }
}
