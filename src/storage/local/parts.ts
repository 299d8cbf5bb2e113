/** Files that are being written, beside the places of objects: nothing has its key before it is whole and on the disk. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { newId } from '../../lib/index.ts';
import type { PutOptions } from '../provider.ts';
import { isMissing } from './failures.ts';

/** No key begins with a dot. */
export const PARTS = '.parts';

/** Removes what killed processes left. What another living process writes stays. */
export async function removeStrayParts(root: string): Promise<void> {
  const names = await readdir(join(root, PARTS)).catch((error: unknown) => {
    if (isMissing(error)) return [];
    throw error;
  });
  // This process has only begun: what bears its pid is of an earlier one, as in a container, where each has the same.
  const strays = names.filter((name) => !isOfAnother(Number.parseInt(name, 10)));
  for (const name of strays) await rm(join(root, PARTS, name), { recursive: true, force: true });
}

function isOfAnother(pid: number): boolean {
  if (!(pid > 0) || pid === process.pid) return false;
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** Where a new part is to be written. */
export async function openPart(root: string): Promise<string> {
  await mkdir(join(root, PARTS), { recursive: true });
  return join(root, PARTS, `${process.pid}-${newId()}`);
}

/** Resolves when the copy is on the disk, and reads as what was written. */
export async function copyDurably(from: string, to: string, options: PutOptions): Promise<void> {
  const { size, sha256 } = await write(from, to, options);
  const isSame = (await stat(to)).size === size && (await digest(to, options.signal)) === sha256;
  if (!isSame) throw new Error('what was written to the disk reads differently');
}

async function write(from: string, to: string, { signal, onProgress }: PutOptions) {
  const hash = createHash('sha256');
  const target = await open(to, 'wx');
  try {
    let size = 0;
    for await (const chunk of createReadStream(from, { ...(signal && { signal }) })) {
      hash.update(chunk);
      await target.writeFile(chunk);
      size += chunk.length;
      onProgress?.(size);
    }
    await target.sync();
    return { size, sha256: hash.digest('hex') };
  } finally {
    await target.close();
  }
}

async function digest(path: string, signal?: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path, { ...(signal && { signal }) })) hash.update(chunk);
  return hash.digest('hex');
}
