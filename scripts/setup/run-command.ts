/** Runs one command for the set-up and keeps what it says, to show it only when the command fails. */
import { spawn } from 'node:child_process';

const KEPT_CHARACTERS = 100_000;
const TAIL_LINES = 12;

export interface CommandResult {
  readonly isSuccess: boolean;
  /** What it printed, to stdout and stderr. */
  readonly output: string;
  /** The end of it: what went wrong, most of the time. */
  readonly tail: string;
}

/** A command that cannot be started is one that failed. */
export function runCommand(command: string, args: readonly string[], cwd?: string): Promise<CommandResult> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const keep = (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-KEPT_CHARACTERS);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.once('error', (error) => resolve({ isSuccess: false, output: error.message, tail: error.message }));
    child.once('close', (code) => resolve({ isSuccess: code === 0, output, tail: tailOf(output) }));
  });
}

function tailOf(text: string): string {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return lines.slice(-TAIL_LINES).join('\n');
}
