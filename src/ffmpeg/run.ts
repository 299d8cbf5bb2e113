/** One ffmpeg or ffprobe that has a task and an end: run, watched, ended when nobody wants it any more, and judged by its exit. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { AppError } from '../lib/index.ts';
import { leash } from './leash.ts';

export interface RunOptions {
  readonly program?: 'ffmpeg' | 'ffprobe';
  readonly args: readonly string[];
  /** Relative names in `args` are from here. */
  readonly cwd: string;
  /** 0 to 19: how much it gives way to others. */
  readonly niceness?: number | undefined;
  readonly signal: AbortSignal;
  /** What it reads on its standard input, no faster than it takes it. What this rejects with, the run does. */
  readonly input?: AsyncIterable<Uint8Array>;
  /** Gets each line of its standard output. */
  readonly onLine?: (line: string) => void;
}

const MAX_COMPLAINTS = 4_096;
/** One that has not said a word for so long stands still. `-progress` speaks twice a second. */
const STALL_MS = 120_000;
/** What is wrong with the machine and not with what was read: worth another try when the machine is well again. */
const MACHINE_TROUBLE =
  /No space left|Disk quota|Cannot allocate memory|Too many open files|Input\/output error/i;

/**
 * Resolves when it ended well. Rejects, always after the process is gone: with the reason of the signal; with `unavailable`
 * when it cannot be started, was killed, stood still or the machine lacks something; with `internal` when it did not like
 * what it was given. Its complaints are the cause.
 */
export async function runToEnd(options: RunOptions): Promise<void> {
  const { program = 'ffmpeg', signal } = options;
  signal.throwIfAborted();
  const child = await start(program, options);
  let complaints = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    complaints = (complaints + text).slice(-MAX_COMPLAINTS);
  });
  let isStalled = false;
  const watch = setTimeout(() => {
    isStalled = true;
    child.kill('SIGKILL');
  }, STALL_MS);
  const kill = () => child.kill('SIGKILL');
  signal.addEventListener('abort', kill);
  if (signal.aborted) kill();
  if (child.stdout) {
    createInterface({ input: child.stdout }).on('line', (line) => {
      watch.refresh();
      options.onLine?.(line);
    });
  }
  const feeding = feed(child, options.input);
  const [code, killedBy] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve) =>
    child.once('close', (exitCode, exitSignal) => resolve([exitCode, exitSignal])),
  );
  clearTimeout(watch);
  signal.removeEventListener('abort', kill);
  signal.throwIfAborted();
  const unread = await feeding;
  if (unread !== undefined) throw unread;
  const isMachine = MACHINE_TROUBLE.test(complaints);
  // Of a disk that is full ffmpeg complains, and then says that all went well.
  if (code === 0 && !isMachine) return;
  const cause = new Error(complaints.trim());
  if (isStalled) throw new AppError('unavailable', `${program} stood still.`, 'server', { cause });
  if (killedBy)
    throw new AppError('unavailable', `${program} was ended by ${killedBy}.`, 'server', { cause });
  const last = complaints.trim().split('\n').at(-1) ?? '';
  throw new AppError(isMachine ? 'unavailable' : 'internal', `${program} failed: ${last}`, 'server', {
    cause,
  });
}

/** Never rejects; resolves to what the input rejected with. That a tool has read enough is no failure. */
async function feed(child: ChildProcess, input: AsyncIterable<Uint8Array> | undefined): Promise<unknown> {
  if (!input || !child.stdin) return undefined;
  let failure: unknown;
  async function* watched(bytes: AsyncIterable<Uint8Array>) {
    try {
      yield* bytes;
    } catch (error) {
      failure = error;
      child.kill('SIGKILL');
    }
  }
  await pipeline(Readable.from(watched(input), { objectMode: false }), child.stdin).catch(() => {
    // It ended before it had read everything: its exit tells why.
  });
  return failure;
}

async function start(program: string, options: RunOptions): Promise<ChildProcess> {
  const head = program === 'ffmpeg' ? ['-hide_banner', '-nostdin', '-nostats'] : ['-hide_banner'];
  const [command, args] = leash(program, [...head, ...options.args], options);
  const child = spawn(command, args, {
    cwd: options.cwd,
    stdio: [options.input ? 'pipe' : 'ignore', 'pipe', 'pipe'],
  });
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', () => resolve());
    child.once('error', (cause) =>
      reject(new AppError('unavailable', `${program} could not be started.`, 'server', { cause })),
    );
  });
  return child;
}
