/** Whether there is space where a recording is written: full once somebody could not write, and until there is enough again. */
import { statfs } from 'node:fs/promises';
import { Emitter, type Listenable } from '../../lib/index.ts';

interface FolderSpaceEvents extends Record<string, unknown> {
  /** Nothing can be written any more. */
  filled: undefined;
  /** There is space again. */
  freed: undefined;
}

/** With less, what begins would end at once. */
const ENOUGH_BYTES = 4 * 1024 ** 2;

export class FolderSpace {
  readonly #folder: string;
  readonly #emitter = new Emitter<FolderSpaceEvents>();
  #isFull = false;

  constructor(folder: string) {
    this.#folder = folder;
  }

  get events(): Listenable<FolderSpaceEvents> {
    return this.#emitter;
  }

  get isFull(): boolean {
    return this.#isFull;
  }

  /** To be called by whoever found it full. */
  noteFull(): void {
    if (this.#isFull) return;
    this.#isFull = true;
    this.#emitter.emit('filled', undefined);
  }

  /** Looks whether there is space again, when it was full. Rejects as the file system does. */
  async look(): Promise<void> {
    if (!this.#isFull) return;
    const { bavail, bsize } = await statfs(this.#folder);
    if (bavail * bsize < ENOUGH_BYTES || !this.#isFull) return;
    this.#isFull = false;
    this.#emitter.emit('freed', undefined);
  }
}

/** Whether an error says that there was no space, or none that this user may take. */
export function isSpaceError(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT');
}
