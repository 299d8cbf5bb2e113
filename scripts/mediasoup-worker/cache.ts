/** The cache of workers outside of the clone: where it is, whether an entry can be trusted, how one gets in. */
import { chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { type Static, Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import type { checkWorker } from './worker-check.ts';

type CacheState =
  | { status: 'valid'; binary: string }
  | { status: 'absent' }
  | { status: 'broken'; reason: string };

const WorkerRecord = Type.Object({
  sha256: Type.String(),
  origin: Type.Union([Type.Literal('prebuilt'), Type.Literal('built')]),
  createdAt: Type.String(),
});

type WorkerRecord = Static<typeof WorkerRecord>;
export type WorkerOrigin = WorkerRecord['origin'];

const BINARY = 'mediasoup-worker';
const RECORD = 'record.json';

/** `$KAA_CACHE_DIR`, else `kaa` in the user's cache folder. */
export function findCacheRoot(environment: Readonly<Record<string, string | undefined>>): string {
  if (environment.KAA_CACHE_DIR) {
    return environment.KAA_CACHE_DIR;
  }
  // A relative XDG_CACHE_HOME is invalid and to be ignored, says the XDG Base Directory Specification.
  const xdg = environment.XDG_CACHE_HOME;
  return join(xdg && isAbsolute(xdg) ? xdg : join(environment.HOME || homedir(), '.cache'), 'kaa');
}

/** Trusts an entry only when the file is the one that was recorded, and still starts with today's libraries. */
export async function inspectCacheEntry(
  entryDir: string,
  version: string,
  check: typeof checkWorker,
): Promise<CacheState> {
  const binary = join(entryDir, BINARY);
  const record = await readRecord(join(entryDir, RECORD));
  if (record === 'absent') {
    return { status: 'absent' };
  }
  if (record === 'unreadable') {
    return { status: 'broken', reason: 'its record is damaged.' };
  }
  const sha256 = await hashFile(binary).catch(() => null);
  if (sha256 === null) {
    return { status: 'broken', reason: 'the program is missing.' };
  }
  if (sha256 !== record.sha256) {
    return { status: 'broken', reason: 'its checksum is not the recorded one.' };
  }
  const answer = await check(binary, version);
  return answer.isWorking ? { status: 'valid', binary } : { status: 'broken', reason: answer.reason };
}

async function readRecord(path: string): Promise<WorkerRecord | 'absent' | 'unreadable'> {
  const text = await readFile(path, 'utf8').catch(() => null);
  if (text === null) {
    return 'absent';
  }
  try {
    const content: unknown = JSON.parse(text);
    return Value.Check(WorkerRecord, content) ? content : 'unreadable';
  } catch {
    return 'unreadable';
  }
}

async function hashFile(path: string): Promise<string> {
  return new Bun.CryptoHasher('sha256').update(await readFile(path)).digest('hex');
}

interface Publication {
  binary: string;
  origin: WorkerOrigin;
  entryDir: string;
  /** A folder of the caller's on the same file system. */
  stagingDir: string;
}

/** Puts a worker into the cache by one rename, so that nobody ever sees half of an entry. Returns its path there. */
export async function publishWorker({ binary, origin, entryDir, stagingDir }: Publication): Promise<string> {
  const prepared = join(stagingDir, 'entry');
  await mkdir(prepared);
  await rename(binary, join(prepared, BINARY));
  await chmod(join(prepared, BINARY), 0o755);
  const record: WorkerRecord = {
    sha256: await hashFile(join(prepared, BINARY)),
    origin,
    createdAt: new Date().toISOString(),
  };
  await writeFile(join(prepared, RECORD), `${JSON.stringify(record, null, 2)}\n`);

  await swapIn(prepared, entryDir, stagingDir);
  return join(entryDir, BINARY);
}

/**
 * A folder cannot be renamed onto one that has files, so a broken entry goes into the staging folder first; a worker
 * that still runs from there is not disturbed. Somebody else may publish in between, after which this begins again.
 */
async function swapIn(prepared: string, entryDir: string, stagingDir: string): Promise<void> {
  for (;;) {
    await renameUnless('ENOENT', entryDir, join(stagingDir, crypto.randomUUID()));
    if (await renameUnless('ENOTEMPTY', prepared, entryDir)) {
      return;
    }
  }
}

/** Returns whether it was renamed; of the reasons why it was not, only the given one is no error. */
async function renameUnless(expectedCode: string, from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === expectedCode) {
      return false;
    }
    throw error;
  }
}
