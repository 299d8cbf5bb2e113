/** Where recordings are captured: one folder each, named by its id, under one folder of this machine. */
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { newId } from '../lib/index.ts';
import { explainFolderTrouble } from './folder-trouble.ts';

/** What is not a recording's folder is not ours to touch. */
const RECORDING_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** Taken away first and deleted then: a deletion that is cut off leaves no half of a recording. */
const TRASH = '.trash';

export class RecordingFolders {
  readonly root: string;

  /** Absolute; made when it is not there. */
  constructor(root: string) {
    this.root = root;
  }

  of(recordingId: string): string {
    return join(this.root, recordingId);
  }

  async create(recordingId: string): Promise<string> {
    const folder = this.of(recordingId);
    await mkdir(folder, { recursive: true });
    return folder;
  }

  /** The ids of all that are there. */
  async list(): Promise<string[]> {
    const names = await readdir(this.root).catch(() => []);
    return names.filter((name) => RECORDING_ID.test(name));
  }

  /** What is not there is no error. Rejects with `unavailable` when the disk does not let it. */
  async remove(recordingId: string): Promise<void> {
    try {
      await this.#takeAway(recordingId);
    } catch (error) {
      throw explainFolderTrouble(error);
    }
  }

  /** What a deletion that was cut off left. To be called while nothing is being deleted. */
  async emptyTrash(): Promise<void> {
    await rm(join(this.root, TRASH), { recursive: true, force: true });
  }

  async #takeAway(recordingId: string): Promise<void> {
    // Of its own: the trash is never taken away from under somebody else's folder.
    const trash = join(this.root, TRASH, `${recordingId}-${newId()}`);
    try {
      await mkdir(dirname(trash), { recursive: true });
      await rename(this.of(recordingId), trash);
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return;
      // A full disk may have no room for the trash, and has to be emptied all the same.
      return rm(this.of(recordingId), { recursive: true, force: true });
    }
    await rm(trash, { recursive: true, force: true });
  }
}
