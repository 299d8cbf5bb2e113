/** Ends the server when the `npx` that started it is gone: npx passes no signal on, and would leave the server behind. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** Looks once a second; `$1` is watched, `$2` is ended. Ends by itself when either is gone. */
const WATCH = 'while kill -0 "$1" && kill -0 "$2"; do sleep 1; done; kill -HUP "$2"';

/** npx starts a shell, which starts `bun run`, which starts this process. */
const ANCESTORS = 4;

/** Does nothing unless npx is an ancestor of this process. */
export function endWithNpx(): void {
  let pid: number | undefined = process.ppid;
  for (let step = 0; step < ANCESTORS && pid !== undefined && pid > 1; step += 1) {
    if (isNpx(pid)) {
      endTogether(pid, process.pid);
      return;
    }
    pid = parentOf(pid);
  }
}

/** When the process `watched` is gone, `ended` gets SIGHUP within about a second: a signal that never counts as a second one. */
export function endTogether(watched: number, ended: number): void {
  // A session of its own, so that a Ctrl-C does not end the watcher before the server has drained.
  const args = ['-c', WATCH, 'watch', String(watched), String(ended)];
  spawn('sh', args, { stdio: 'ignore', detached: true }).unref();
}

/** npx calls itself `npm exec …`, and before it has done so it is a node that runs `…/npx`. */
function isNpx(pid: number): boolean {
  const words = (readProc(pid, 'cmdline') ?? '').split(/[\0 ]/);
  return (
    (words[0] === 'npm' && words[1] === 'exec') ||
    words.slice(0, 2).some((word) => /(^|\/)npx(-cli\.js)?$/.test(word))
  );
}

function parentOf(pid: number): number | undefined {
  // The fields after the command's name, which is in parentheses and may hold anything: state, then parent.
  const fields = readProc(pid, 'stat')
    ?.replace(/^.*\) /s, '')
    .split(' ');
  return Number(fields?.[1]) || undefined;
}

function readProc(pid: number, name: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8');
  } catch {
    return undefined;
  }
}
