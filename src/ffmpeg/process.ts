/** One ffmpeg: started so that it cannot outlive us, watched, and ended by its own pid. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { AppError, Emitter, type Listenable } from '../lib/index.ts';
import { leash } from './leash.ts';

export interface FfmpegOptions {
  readonly args: readonly string[];
  /** What it reads on its standard input, whole. */
  readonly input?: string;
  /** 0 to 19: how much it gives way to others. */
  readonly niceness?: number;
}

export interface FfmpegExit {
  /** Null when a signal ended it. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The last lines that it complained with. */
  readonly complaints: string;
}

interface FfmpegEvents extends Record<string, unknown> {
  /** A line that it wrote to its standard error, as it comes. */
  complained: string;
}

const MAX_COMPLAINTS = 4_096;

export class Ffmpeg {
  readonly #child: ChildProcess;
  readonly #emitter = new Emitter<FfmpegEvents>();
  /** Resolves when the process is gone. Never rejects. */
  readonly exited: Promise<FfmpegExit>;
  #complaints = '';

  /** Rejects with `unavailable` when ffmpeg is not there. */
  static async start(options: FfmpegOptions): Promise<Ffmpeg> {
    const [command, args] = leash('ffmpeg', ['-hide_banner', '-nostdin', ...options.args], options);
    const child = spawn(command, args, {
      stdio: [options.input === undefined ? 'ignore' : 'pipe', 'ignore', 'pipe'],
    });
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', () => resolve());
      child.once('error', (error) =>
        reject(new AppError('unavailable', 'ffmpeg could not be started.', 'server', { cause: error })),
      );
    });
    child.stdin?.on('error', () => {
      // It ended before it had read everything: its exit tells why.
    });
    child.stdin?.end(options.input);
    return new Ffmpeg(child);
  }

  private constructor(child: ChildProcess) {
    this.#child = child;
    child.stderr?.setEncoding('utf8');
    child.stderr?.on('data', (text: string) => {
      this.#complaints = (this.#complaints + text).slice(-MAX_COMPLAINTS);
    });
    if (child.stderr) {
      createInterface({ input: child.stderr }).on('line', (line) => this.#emitter.emit('complained', line));
    }
    this.exited = new Promise((resolve) =>
      child.once('close', (code, signal) => resolve({ code, signal, complaints: this.#complaints.trim() })),
    );
  }

  get events(): Listenable<FfmpegEvents> {
    return this.#emitter;
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Asks it to end, or makes it. A process that is gone already is no error. */
  kill(signal: 'SIGINT' | 'SIGTERM' | 'SIGKILL'): void {
    this.#child.kill(signal);
  }
}
