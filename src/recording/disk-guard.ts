/** Watches the disk that recordings are captured to: with too little left none begins, and running ones are ended in time. */
import { mkdir, statfs } from 'node:fs/promises';
import { AppError } from '../lib/index.ts';
import { type Logger, runInBackground } from '../observability/index.ts';
import { explainFolderTrouble } from './folder-trouble.ts';

export interface DiskGuardOptions {
  /** Made when it is not there. */
  readonly folder: string;
  readonly minFreeBytes: number;
  readonly logger: Logger;
  /** Called each time that it is looked at and too little is free. */
  readonly onFull: () => void;
}

const LOOK_INTERVAL_MS = 2_000;
const WARNING_SHARE = 0.8;
const MIB = 1024 ** 2;

export class DiskGuard {
  readonly #options: DiskGuardOptions;
  readonly #timer: Timer;
  #hasWarned = false;

  constructor(options: DiskGuardOptions) {
    this.#options = options;
    const look = () => runInBackground(this.#look(), 'looking at the disk', options.logger);
    this.#timer = setInterval(look, LOOK_INTERVAL_MS);
  }

  /** Throws `unavailable`, with the reason, when nothing may begin. */
  async demandSpace(): Promise<void> {
    const { freeBytes } = await this.#read();
    const { minFreeBytes, folder } = this.#options;
    if (freeBytes >= minFreeBytes) return;
    throw new AppError(
      'unavailable',
      `The disk of the server is nearly full: ${toMiB(freeBytes)} MiB are free and ${toMiB(minFreeBytes)} must be (DISK_MIN_FREE). Free some, or have old recordings deleted.`,
      'server',
      { retryAfterSeconds: 60, cause: new Error(`free in ${folder}: ${freeBytes} bytes`) },
    );
  }

  close(): void {
    clearInterval(this.#timer);
  }

  async #look(): Promise<void> {
    const { freeBytes, usedShare } = await this.#read();
    const { minFreeBytes, logger, onFull } = this.#options;
    if (freeBytes < minFreeBytes) onFull();
    if (usedShare < WARNING_SHARE) this.#hasWarned = false;
    else if (!this.#hasWarned) {
      this.#hasWarned = true;
      logger.warn({ freeMiB: toMiB(freeBytes), usedShare }, 'the disk of recordings is more than 80 % full');
    }
  }

  async #read(): Promise<{ freeBytes: number; usedShare: number }> {
    const { folder } = this.#options;
    try {
      await mkdir(folder, { recursive: true });
      const { bavail, bsize, blocks } = await statfs(folder);
      return { freeBytes: bavail * bsize, usedShare: blocks === 0 ? 0 : 1 - bavail / blocks };
    } catch (error) {
      throw explainFolderTrouble(error);
    }
  }
}

function toMiB(bytes: number): number {
  return Math.floor(bytes / MIB);
}
