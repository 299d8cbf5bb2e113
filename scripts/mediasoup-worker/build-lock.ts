/**
 * The lock that keeps two processes from building the same worker twice. It saves work only: whoever makes a worker
 * does so in a folder of its own and publishes it with one rename, so two at once would not harm each other.
 */
import { readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { type Static, Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import { identifyProcess, isAlive, ProcessIdentity } from './process-identity.ts';

interface BuildLockOptions {
  path: string;
  pollMs: number;
  /** Is called once, with the holder's process id as far as it is known, when the lock is found taken. */
  onWait: (pid: number | null) => void;
}

const LockContent = Type.Object({
  holder: ProcessIdentity,
  host: Type.String(),
  /** Tells this hold from others, so that only its owner releases it. */
  token: Type.String(),
});

type LockContent = Static<typeof LockContent>;

/** A cache may be a volume that several containers share, whose processes cannot be seen from here. */
const FOREIGN_LOCK_LIFETIME_MS = 30 * 60_000;
/** A lock file is created first and written next; only an old one without content is a dead writer's. */
const UNWRITTEN_LOCK_LIFETIME_MS = 10_000;

/** Runs the action while holding the lock; waits until a living holder is done, takes over a dead one's lock. */
export async function withBuildLock<Result>(
  options: BuildLockOptions,
  action: () => Promise<Result>,
): Promise<Result> {
  const token = await acquire(options);
  try {
    return await action();
  } finally {
    await release(options.path, token);
  }
}

async function acquire({ path, pollMs, onWait }: BuildLockOptions): Promise<string> {
  const content: LockContent = {
    holder: identifyProcess(process.pid),
    host: hostname(),
    token: crypto.randomUUID(),
  };
  let hasWaited = false;
  while (!(await tryCreate(path, content))) {
    const state = await inspectLock(path);
    if (state.status === 'stale') {
      await setAside(path);
    } else if (state.status === 'held') {
      if (!hasWaited) {
        hasWaited = true;
        onWait(state.pid);
      }
      await delay(pollMs);
    }
  }
  return content.token;
}

async function tryCreate(path: string, content: LockContent): Promise<boolean> {
  try {
    await writeFile(path, JSON.stringify(content), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') {
      return false;
    }
    throw error;
  }
}

type LockState = { status: 'free' } | { status: 'stale' } | { status: 'held'; pid: number | null };

export async function inspectLock(path: string): Promise<LockState> {
  const [text, file] = await Promise.all([
    readFile(path, 'utf8').catch(() => null),
    stat(path).catch(() => null),
  ]);
  if (text === null || file === null) {
    return { status: 'free' };
  }
  const ageMs = Date.now() - file.mtimeMs;
  const content = parseLock(text);
  if (!content) {
    return ageMs > UNWRITTEN_LOCK_LIFETIME_MS ? { status: 'stale' } : { status: 'held', pid: null };
  }
  const isHeld = content.host === hostname() ? isAlive(content.holder) : ageMs <= FOREIGN_LOCK_LIFETIME_MS;
  return isHeld ? { status: 'held', pid: content.holder.pid } : { status: 'stale' };
}

function parseLock(text: string): LockContent | null {
  try {
    const content: unknown = JSON.parse(text);
    return Value.Check(LockContent, content) ? content : null;
  } catch {
    return null;
  }
}

/** By a rename, because of two that find the same stale lock only one can do it. */
async function setAside(path: string): Promise<void> {
  const aside = `${path}.stale-${crypto.randomUUID()}`;
  await rename(path, aside).catch(() => undefined);
  await rm(aside, { force: true });
}

async function release(path: string, token: string): Promise<void> {
  const text = await readFile(path, 'utf8').catch(() => '');
  if (parseLock(text)?.token === token) {
    await rm(path, { force: true });
  }
}
