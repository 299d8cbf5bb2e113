/**
 * Where a finish keeps what it makes between its steps. A file is there whole or not at all, and its name tells what went into it:
 * what a finish that was killed had made already is found again, and never taken for something else.
 */
import { createHash } from 'node:crypto';
import { mkdir, open, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PROGRESS_ARGS, readProgress, runToEnd } from '../../../ffmpeg/index.ts';

export interface WorkshopOptions {
  readonly niceness: number | undefined;
  readonly signal: AbortSignal;
}

/** Something that ffmpeg makes. */
export interface Product {
  /** The name begins with it; letters, digits and `-`. */
  readonly label: string;
  /** Without a dot. */
  readonly extension: string;
  /** All of ffmpeg's arguments before the output; names in them are relative to the folder. They tell all that goes into it. */
  readonly args: readonly string[];
  /** Seconds of output that are written. */
  readonly onProgress?: (seconds: number) => void;
}

/** The folder of the segments, from a workshop. */
export const SOURCE = '..';
/** How many tools a finish runs at once, where each by itself does not fill a machine. */
export const TOOLS_AT_ONCE = 2;

/** Changes with the meaning of what is made: what an older server left is then made again. */
const VERSION = 2;
const UNFINISHED = 'unfinished-';

export class Workshop {
  /** Absolute. */
  readonly folder: string;
  readonly #options: WorkshopOptions;

  /** Clears away what was not finished. */
  static async open(folder: string, options: WorkshopOptions): Promise<Workshop> {
    await mkdir(folder, { recursive: true });
    const names = await readdir(folder);
    const unfinished = names.filter((name) => name.startsWith(UNFINISHED));
    await Promise.all(unfinished.map((name) => rm(join(folder, name))));
    return new Workshop(folder, options);
  }

  private constructor(folder: string, options: WorkshopOptions) {
    this.folder = folder;
    this.#options = options;
  }

  /** The same, ended by another signal. */
  with(signal: AbortSignal): Workshop {
    return new Workshop(this.folder, { ...this.#options, signal });
  }

  /** What every tool that runs here is started with. */
  get run(): { cwd: string; niceness: number | undefined; signal: AbortSignal } {
    return { cwd: this.folder, ...this.#options };
  }

  /** Resolves with its name in the folder. Rejects as `runToEnd` does, or as the file system; nothing is left then. */
  async make({ label, extension, args, onProgress }: Product): Promise<string> {
    const name = `${label}-${digest(args)}.${extension}`;
    const path = join(this.folder, name);
    if (await exists(path)) return name;
    // Of its own: one that a kill left behind may still be writing.
    const unfinished = `${UNFINISHED}${crypto.randomUUID()}`;
    try {
      await runToEnd({
        ...this.run,
        args: ['-v', 'error', ...PROGRESS_ARGS, '-y', ...args, `file:${unfinished}`],
        onLine: (line) => {
          const seconds = readProgress(line);
          if (seconds !== undefined) onProgress?.(seconds);
        },
      });
      await publishFile(join(this.folder, unfinished), path);
    } catch (error) {
      await rm(join(this.folder, unfinished), { force: true });
      throw error;
    }
    return name;
  }

  /** A small text that a tool reads. Resolves with its name in the folder. */
  async write(label: string, text: string): Promise<string> {
    const name = `${label}-${digest([text])}.txt`;
    const path = join(this.folder, name);
    if (await exists(path)) return name;
    const unfinished = join(this.folder, `${UNFINISHED}${crypto.randomUUID()}`);
    await writeFile(unfinished, text);
    await publishFile(unfinished, path);
    return name;
  }
}

/** Under its name it is whole, also after a loss of power. */
export async function publishFile(unfinished: string, path: string): Promise<void> {
  const file = await open(unfinished, 'r');
  try {
    await file.datasync();
  } finally {
    await file.close();
  }
  await rename(unfinished, path);
}

function digest(args: readonly string[]): string {
  return createHash('sha256')
    .update(JSON.stringify([VERSION, args]))
    .digest('hex')
    .slice(0, 20);
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
