/** Whether a storage does what it is there for: writes, lists, reads and deletes a small file, and leaves nothing. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newId } from '../lib/index.ts';
import type { StorageProvider } from './provider.ts';

const TEXT = 'Kaa can write, read and delete here.';

/** Rejects with the first thing that does not work, in words. */
export async function tryOut(storage: StorageProvider): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'kaa-storage-check-'));
  const key = `checks/${newId()}`;
  try {
    const path = join(folder, 'check');
    await writeFile(path, TEXT);
    try {
      await storage.put(key, path, { type: 'text/plain' });
      const read = await new Response(await storage.get(key)).text();
      if (read !== TEXT) throw new Error('What is read there is not what was written.');
      const { objects } = await storage.list(key);
      if (objects.length !== 1) throw new Error('What was written there is not listed.');
    } finally {
      await storage.delete(key);
    }
    if (await storage.head(key)) throw new Error('What was deleted there is still there.');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
