/** The folders under the root of a local storage: found without ever following a link out of it, made and emptied durably. */
import { mkdir, open, realpath, rmdir } from 'node:fs/promises';
import { dirname, sep } from 'node:path';
import { AppError } from '../../lib/index.ts';
import { isMissing, rootMissing } from './failures.ts';

export class Folders {
  /** Absolute, without symbolic links. */
  readonly root: string;

  static async create(root: string): Promise<Folders> {
    await mkdir(root, { recursive: true });
    return new Folders(await realpath(root));
  }

  private constructor(root: string) {
    this.root = root;
  }

  /** Throws `validation_error` when this path, or what of it is there already, leads out of the root. */
  async demandInside(path: string): Promise<void> {
    const real = await this.#resolveExisting(path);
    if (real === this.root || real.startsWith(`${this.root}${sep}`)) return;
    throw new AppError('validation_error', 'This is no key of a stored object.');
  }

  /** Makes the folder and those above it; they are on the disk when it resolves. */
  async make(folder: string): Promise<void> {
    await this.demandInside(folder);
    const first = await mkdir(folder, { recursive: true });
    if (first === undefined) return;
    for (let made = folder; made.length >= first.length; made = dirname(made)) await sync(dirname(made));
  }

  /** Removes this folder and those above it as far as they are empty, and never the root. */
  async removeEmpty(folder: string): Promise<void> {
    for (let empty = folder; empty !== this.root; empty = dirname(empty)) {
      const isGone = await rmdir(empty).then(
        () => true,
        (error: unknown) => isMissing(error),
      );
      if (!isGone) return;
    }
  }

  /** Where the path really leads, as far as it is there. */
  async #resolveExisting(path: string): Promise<string> {
    for (let existing = path; ; existing = dirname(existing)) {
      try {
        return await realpath(existing);
      } catch (error) {
        if (!isMissing(error)) throw error;
        // A disk that is not mounted: nothing may be taken for deleted, or be written in its place.
        if (existing === this.root) throw rootMissing(this.root);
      }
    }
  }
}

/** What was renamed or made in a folder is on the disk when the folder is. */
export async function sync(folder: string): Promise<void> {
  const handle = await open(folder);
  await handle.sync().finally(() => handle.close());
}
