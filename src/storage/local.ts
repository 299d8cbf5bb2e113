/** Files in a folder of this machine: written beside their place, checked, and renamed into it. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, realpath, rename, rm, rmdir, stat } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { Readable } from 'node:stream';
import { AppError, newId } from '../lib/index.ts';
import { checkKey, checkPrefix } from './key.ts';
import type { ObjectPage, PutOptions, StorageProvider, StoredObject } from './provider.ts';

/** What is being written; no key begins like this. */
const PARTS = '.parts';
const PAGE_LIMIT = 1_000;

export class LocalStorage implements StorageProvider {
  readonly name = 'local';
  readonly #root: string;

  /** Makes the folder, and takes away what a killed process left half written. Rejects with `unavailable`. */
  static async create(root: string): Promise<LocalStorage> {
    try {
      await mkdir(root, { recursive: true });
      await rm(join(root, PARTS), { recursive: true, force: true });
      return new LocalStorage(await realpath(root));
    } catch (error) {
      throw explain(error, root);
    }
  }

  private constructor(root: string) {
    this.#root = root;
  }

  async put(key: string, path: string, options: PutOptions): Promise<StoredObject> {
    const target = this.#pathOf(key);
    const part = join(this.#root, PARTS, newId());
    try {
      await mkdir(dirname(part), { recursive: true });
      const written = await copy(path, part, options);
      if (written !== (await digest(part))) throw new Error(`what was written to ${key} reads differently`);
      await mkdir(dirname(target), { recursive: true });
      await this.#demandInside(dirname(target));
      await rename(part, target);
      await syncFolder(dirname(target));
    } catch (error) {
      await rm(part, { force: true }).catch(() => {});
      throw explain(error, this.#root);
    }
    return this.#describe(key, target);
  }

  async head(key: string): Promise<StoredObject | undefined> {
    try {
      return await this.#describe(key, await this.#existing(key));
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  async get(
    key: string,
    range?: { readonly start: number; readonly end: number },
  ): Promise<ReadableStream<Uint8Array>> {
    try {
      const path = await this.#existing(key);
      const bytes = Readable.toWeb(createReadStream(path, range ?? {}));
      return bytes as unknown as ReadableStream<Uint8Array>;
    } catch (error) {
      if (isMissing(error)) throw new AppError('not_found', 'There is no such file any more.');
      throw error;
    }
  }

  async list(
    prefix: string,
    { cursor, limit = PAGE_LIMIT }: { readonly cursor?: string; readonly limit?: number } = {},
  ): Promise<ObjectPage> {
    checkPrefix(prefix);
    const folder = join(this.#root, prefix.slice(0, prefix.lastIndexOf('/') + 1));
    const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
    const keys = entries
      .filter((entry) => entry.isFile())
      .map((entry) => relative(this.#root, join(entry.parentPath, entry.name)).split(sep).join('/'))
      .filter((key) => key.startsWith(prefix) && !key.startsWith(`${PARTS}/`))
      .filter((key) => cursor === undefined || key > cursor)
      .toSorted();
    const page = keys.slice(0, limit);
    const found = await Promise.all(page.map((key) => this.head(key)));
    const objects = found.filter((object) => object !== undefined);
    const last = page.at(-1);
    return keys.length > limit && last !== undefined ? { objects, cursor: last } : { objects };
  }

  async delete(key: string): Promise<void> {
    const path = this.#pathOf(key);
    await rm(path, { force: true });
    // Folders that are empty now; the first that is not ends it.
    for (let folder = dirname(path); folder !== this.#root; folder = dirname(folder)) {
      const isGone = await rmdir(folder).then(
        () => true,
        () => false,
      );
      if (!isGone) return;
    }
  }

  async signedUrl(): Promise<undefined> {
    return undefined;
  }

  async check(): Promise<void> {
    const path = join(this.#root, PARTS, newId());
    try {
      await mkdir(dirname(path), { recursive: true });
      const file = await open(path, 'w');
      await file.writeFile('Kaa').finally(() => file.close());
      await rm(path);
    } catch (error) {
      throw explain(error, this.#root);
    }
  }

  async close(): Promise<void> {}

  #pathOf(key: string): string {
    return join(this.#root, checkKey(key));
  }

  /** Symbolic links lead nowhere outside. */
  async #existing(key: string): Promise<string> {
    const path = this.#pathOf(key);
    await this.#demandInside(path);
    return path;
  }

  async #demandInside(path: string): Promise<void> {
    const real = await realpath(path);
    if (real === this.#root || real.startsWith(`${this.#root}${sep}`)) return;
    throw new AppError('validation_error', 'This is no key of a stored object.');
  }

  async #describe(key: string, path: string): Promise<StoredObject> {
    const { size, mtime } = await stat(path);
    return { key, size, type: undefined, modifiedAt: mtime };
  }
}

/** Gives the digest of what it wrote. */
async function copy(from: string, to: string, { signal, onProgress }: PutOptions): Promise<string> {
  const hash = createHash('sha256');
  const target = await open(to, 'wx');
  try {
    let bytes = 0;
    for await (const chunk of createReadStream(from, { ...(signal && { signal }) })) {
      hash.update(chunk);
      await target.writeFile(chunk);
      bytes += chunk.length;
      onProgress?.(bytes);
    }
    await target.sync();
  } finally {
    await target.close();
  }
  return hash.digest('hex');
}

async function digest(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk);
  return hash.digest('hex');
}

/** A rename is on the disk when its folder is. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path);
  await folder.sync().finally(() => folder.close());
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
}

const WORDS: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota of the disk is used up',
  EROFS: 'the disk can only be read',
  EACCES: 'the server may not write there',
  EPERM: 'the server may not write there',
  EIO: 'the disk does not work',
};

function explain(error: unknown, root: string): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const words = WORDS[code];
  if (words === undefined) return error;
  return new AppError('unavailable', `Recordings cannot be stored: ${words} (${root}).`, 'destination', {
    cause: error,
  });
}
