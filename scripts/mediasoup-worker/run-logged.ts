/** Runs one command, with everything that it says appended to a log file, and its stdout handed on line by line. */
import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';

interface RunLoggedOptions {
  command: string;
  args: readonly string[];
  logPath: string;
  environment?: Readonly<Record<string, string>>;
  onLine?: (line: string) => void;
}

/** Resolves when the command has succeeded and the log is written; a command that fails or is not there rejects. */
export async function runLogged(options: RunLoggedOptions): Promise<void> {
  const log = createWriteStream(options.logPath, { flags: 'a' });
  log.write(`$ ${options.command} ${options.args.join(' ')}\n`);
  try {
    await awaitSuccess(options, log);
  } finally {
    log.end();
    await finished(log);
  }
}

async function awaitSuccess(
  { command, args, environment, onLine }: RunLoggedOptions,
  log: Writable,
): Promise<void> {
  const child = spawn(command, args, {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.stdout.pipe(log, { end: false });
  child.stderr.pipe(log, { end: false });
  if (onLine) {
    createInterface({ input: child.stdout }).on('line', onLine);
  }
  const failure = await new Promise<string | null>((resolve) => {
    child.on('error', (error) => resolve(`${command} cannot be started (${error.message}).`));
    child.on('close', (code, signal) =>
      resolve(code === 0 ? null : `${command} failed (${signal ?? `exit code ${code}`}).`),
    );
  });
  if (failure) {
    throw new Error(failure);
  }
}
