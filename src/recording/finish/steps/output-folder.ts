/** Where the finished files are: each is made beside its place, and stands in it when it is whole and on the disk. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { FinishedFile } from '../result.ts';
import { publishFile } from './workshop.ts';

export class OutputFolder {
  /** Absolute. */
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  /** `build` writes to the absolute path that it gets. What was there is replaced. Rejects as `build` does; nothing is left then. */
  async make(name: string, build: (path: string) => Promise<unknown>): Promise<void> {
    const path = join(this.folder, name);
    const unfinished = `${path}.part`;
    await mkdir(dirname(path), { recursive: true });
    try {
      await build(unfinished);
      await publishFile(unfinished, path);
    } catch (error) {
      await rm(unfinished, { force: true });
      throw error;
    }
  }

  async describe(file: Pick<FinishedFile, 'name' | 'kind' | 'type'>): Promise<FinishedFile> {
    const path = join(this.folder, file.name);
    const hash = createHash('sha256');
    for await (const chunk of createReadStream(path)) hash.update(chunk);
    const { size } = await stat(path);
    return { ...file, path, size, sha256: hash.digest('hex') };
  }

  /** Empties it. */
  async clear(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}
