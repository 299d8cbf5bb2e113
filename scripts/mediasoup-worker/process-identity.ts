/** Tells a process from a later one that got the same number: by the time of its start. */
import { readFileSync } from 'node:fs';
import { type Static, Type } from '@sinclair/typebox';

export const ProcessIdentity = Type.Object({
  pid: Type.Integer({ minimum: 1 }),
  /** In clock ticks since the machine's start; null where there is no /proc. */
  startTicks: Type.Union([Type.String(), Type.Null()]),
});

export type ProcessIdentity = Static<typeof ProcessIdentity>;

export function identifyProcess(pid: number): ProcessIdentity {
  return { pid, startTicks: readStartTicks(pid) };
}

export function isAlive({ pid, startTicks }: ProcessIdentity): boolean {
  if (startTicks !== null) {
    return readStartTicks(pid) === startTicks;
  }
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM is an answer from a living process of somebody else.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function readStartTicks(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // proc(5): starttime is field 22. The second field is a name in parentheses that may contain anything.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
}
