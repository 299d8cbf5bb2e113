/** Where recordings are captured: one folder each, named by its id, under one folder of this machine. */
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

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

  /** What is not there is no error. */
  async remove(recordingId: string): Promise<void> {
    const trash = join(this.root, TRASH);
    await mkdir(trash, { recursive: true });
    await rename(this.of(recordingId), join(trash, recordingId)).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
    });
    await this.emptyTrash();
  }

  async emptyTrash(): Promise<void> {
    await rm(join(this.root, TRASH), { recursive: true, force: true });
  }
}
