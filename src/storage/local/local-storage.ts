/** Objects as files in a folder of this machine: written beside their place, checked, and renamed into it. */
import { open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { checkKey, checkPrefix } from '../key.ts';
import type {
  ByteRange,
  ListOptions,
  ObjectPage,
  PutOptions,
  StorageProvider,
  StoredObject,
} from '../provider.ts';
import { checkRange, clipRange, deleteListed, notFound, pageSize } from '../rules.ts';
import { tryOut } from '../try-out.ts';
import { explain, explainRoot, isMissing } from './failures.ts';
import { Folders, sync } from './folders.ts';
import { copyDurably, openPart, PARTS, removeStrayParts } from './parts.ts';
import { readFile } from './read-file.ts';

/** How often a folder that a deletion takes away under a write is made again. */
const MAX_TRIES = 5;

export class LocalStorage implements StorageProvider {
  readonly name = 'local';
  readonly #folders: Folders;

  /** Makes the folder, and takes away what a killed process left half written. Rejects with `unavailable`. */
  static async create(root: string): Promise<LocalStorage> {
    try {
      const folders = await Folders.create(root);
      await removeStrayParts(folders.root);
      return new LocalStorage(folders);
    } catch (error) {
      throw explainRoot(error, root);
    }
  }

  private constructor(folders: Folders) {
    this.#folders = folders;
  }

  put(key: string, path: string, options: PutOptions): Promise<StoredObject> {
    return this.#at(key, async (target) => {
      await this.#folders.demandInside(dirname(target));
      const part = await openPart(this.#folders.root);
      try {
        await copyDurably(path, part, options);
        options.signal?.throwIfAborted();
        await this.#move(part, target);
      } catch (error) {
        await rm(part, { force: true }).catch(() => {});
        options.signal?.throwIfAborted();
        throw error;
      }
      const stored = await describe(key, target);
      if (!stored) throw new Error('what was stored was deleted at once');
      return stored;
    });
  }

  head(key: string): Promise<StoredObject | undefined> {
    return this.#at(key, async (path) => {
      await this.#folders.demandInside(path);
      return describe(key, path);
    });
  }

  get(key: string, range?: ByteRange): Promise<ReadableStream<Uint8Array>> {
    return this.#at(key, async (path) => {
      if (range) checkRange(range);
      await this.#folders.demandInside(path);
      const file = await open(path).catch(undefinedWhenMissing);
      if (!file) throw notFound();
      try {
        const stats = await file.stat();
        if (!stats.isFile()) throw notFound();
        const { size } = stats;
        return readFile(file, range ? clipRange(range, size) : { start: 0, end: size - 1 });
      } catch (error) {
        await file.close();
        throw error;
      }
    });
  }

  pathOf(key: string): Promise<string> {
    return this.#at(key, async (path) => {
      await this.#folders.demandInside(path);
      if (!(await describe(key, path))) throw notFound();
      return path;
    });
  }

  async list(prefix: string, { cursor, limit }: ListOptions = {}): Promise<ObjectPage> {
    checkPrefix(prefix);
    try {
      const keys = (await this.#keys(prefix)).filter((key) => cursor === undefined || key > cursor);
      const page = keys.toSorted().slice(0, pageSize(limit));
      const found = await Promise.all(page.map((key) => this.head(key)));
      const objects = found.filter((object) => object !== undefined);
      const last = page.at(-1);
      return keys.length > page.length && last !== undefined ? { objects, cursor: last } : { objects };
    } catch (error) {
      throw explain(error, this.#folders.root);
    }
  }

  delete(key: string): Promise<void> {
    return this.#at(key, async (path) => {
      await this.#folders.demandInside(dirname(path));
      if (!(await describe(key, path))) return;
      await rm(path, { force: true });
      await this.#folders.removeEmpty(dirname(path));
    });
  }

  deleteAll(prefix: string): Promise<void> {
    return deleteListed(this, prefix);
  }

  async signedUrl(key: string): Promise<undefined> {
    checkKey(key);
  }

  check(): Promise<void> {
    return tryOut(this);
  }

  async close(): Promise<void> {}

  async #at<T>(key: string, task: (path: string) => Promise<T>): Promise<T> {
    const { root } = this.#folders;
    const path = join(root, checkKey(key));
    try {
      return await task(path);
    } catch (error) {
      throw explain(error, root);
    }
  }

  /** It has its key when this resolves, whatever happens to the machine. */
  async #move(part: string, target: string): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        // Whoever deletes the last object beside it takes the folder away, even while it is made.
        await this.#folders.make(dirname(target));
        await rename(part, target);
        return await sync(dirname(target));
      } catch (error) {
        if (!isMissing(error) || attempt === MAX_TRIES) throw error;
      }
    }
  }

  /** Of files alone: a link is none. */
  async #keys(prefix: string): Promise<string[]> {
    const { root } = this.#folders;
    const folder = join(root, prefix.slice(0, prefix.lastIndexOf('/') + 1));
    await this.#folders.demandInside(folder);
    const files = await this.#walk(folder);
    return files
      .map((path) => relative(root, path).split(sep).join('/'))
      .filter((key) => key.startsWith(prefix) && !key.startsWith(`${PARTS}/`));
  }

  /** Not `readdir` with `recursive`: Bun's follows links to folders. */
  async #walk(folder: string): Promise<string[]> {
    const entries = await readdir(folder, { withFileTypes: true }).catch(undefinedWhenMissing);
    const files: string[] = [];
    for (const entry of entries ?? []) {
      const path = join(folder, entry.name);
      if (entry.isFile()) files.push(path);
      if (entry.isDirectory()) files.push(...(await this.#walk(path)));
    }
    return files;
  }
}

/** A folder is no object. */
async function describe(key: string, path: string): Promise<StoredObject | undefined> {
  const stats = await stat(path).catch(undefinedWhenMissing);
  return stats?.isFile() ? { key, size: stats.size, type: undefined, modifiedAt: stats.mtime } : undefined;
}

function undefinedWhenMissing(error: unknown): undefined {
  if (!isMissing(error)) throw error;
}
