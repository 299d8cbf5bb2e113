/** Where the file of a live recording is made: ffmpeg at low priority, which reads what it is given and nothing else. */
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { PROGRESS_ARGS, readProgress, runToEnd } from '../../ffmpeg/index.ts';
import type { Part } from './parts.ts';

export interface WorkshopOptions {
  /** Of the segments. */
  readonly folder: string;
  /** Where the files are made; it is there. */
  readonly output: string;
  readonly signal: AbortSignal;
  /** Seconds of the recording that are written, in each step. */
  readonly onProgress: (seconds: number) => void;
}

const NICENESS = 10;
const FORMATS = { ts: 'mpegts', mp4: 'mov' } as const;
/** A sound that begins late is still found. */
const PATIENT = ['-analyzeduration', '20M', '-probesize', '50M'];
const QUIET = ['-y', '-v', 'error', ...PROGRESS_ARGS];

export class Workshop {
  readonly #options: WorkshopOptions;

  constructor(options: WorkshopOptions) {
    this.#options = options;
  }

  /** For other tools. */
  get run() {
    const { output, signal } = this.#options;
    return { cwd: output, signal, niceness: NICENESS };
  }

  pathOf(file: string): string {
    return join(this.#options.output, file);
  }

  /**
   * Reads the bytes of a part as one file, of the format that it was found to have: nothing in it can name another file. Rejects as
   * `runToEnd` does.
   */
  async read(part: Part, args: readonly string[]): Promise<void> {
    const input = ['-f', FORMATS[part.container], '-protocol_whitelist', 'pipe', ...PATIENT, '-i', 'pipe:0'];
    const files = part.map === undefined ? part.files : [part.map, ...part.files];
    await this.make([...input, ...args], readFiles(files.map((file) => join(this.#options.folder, file))));
  }

  /** Makes something of files that were made here. Rejects as `runToEnd` does. */
  async make(args: readonly string[], input?: AsyncIterable<Uint8Array>): Promise<void> {
    await runToEnd({
      ...this.run,
      args: [...QUIET, ...args],
      ...(input && { input }),
      onLine: (line) => {
        const seconds = readProgress(line);
        if (seconds !== undefined) this.#options.onProgress(seconds);
      },
    });
  }
}

async function* readFiles(paths: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const path of paths) yield* createReadStream(path);
}
