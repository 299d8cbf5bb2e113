/** Whether a file is a mediasoup worker that runs on this machine: it is started, and has to say that it runs. */
import { type ChildProcess, spawn } from 'node:child_process';
import { access, constants, stat } from 'node:fs/promises';

type WorkerAnswer = { isWorking: true } | { isWorking: false; reason: string };

interface CheckWorkerLimits {
  timeoutMs: number;
}

/** The worker's channel to its parent: it reads requests from the one and writes messages to the other. */
const REQUESTS_FD = 3;
const MESSAGES_FD = 4;
/** A worker answers within 50 ms; this is for a machine that is busy with something else. */
const DEFAULT_TIMEOUT_MS = 20_000;
const MAX_ERROR_CHARACTERS = 2_000;

/**
 * Starts the worker with the pipes and the environment that it gets from mediasoup, and stops it as soon as it has
 * sent its first message, which it does when its libraries are initialised and its event loop begins.
 */
export async function checkWorker(
  path: string,
  version: string,
  { timeoutMs }: CheckWorkerLimits = { timeoutMs: DEFAULT_TIMEOUT_MS },
): Promise<WorkerAnswer> {
  const obstacle = await findObstacle(path);
  return obstacle
    ? { isWorking: false, reason: obstacle }
    : await awaitFirstMessage(path, version, timeoutMs);
}

async function findObstacle(path: string): Promise<string | null> {
  const file = await stat(path).catch(() => null);
  if (!file) {
    return 'there is no such file.';
  }
  if (!file.isFile()) {
    return 'it is not a file.';
  }
  const isExecutable = await access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
  return isExecutable ? null : 'it is not executable (chmod +x).';
}

async function awaitFirstMessage(path: string, version: string, timeoutMs: number): Promise<WorkerAnswer> {
  let child: ChildProcess;
  try {
    child = spawn(path, [], {
      env: { ...process.env, MEDIASOUP_VERSION: version },
      stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'],
    });
  } catch (error) {
    // Bun throws some errors at once that Node emits, ENOEXEC among them.
    return { isWorking: false, reason: describeSpawnError(error) };
  }
  let errors = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    errors = (errors + text).slice(0, MAX_ERROR_CHARACTERS);
  });
  const answer = Promise.withResolvers<WorkerAnswer>();
  const refuse = (reason: string) => answer.resolve({ isWorking: false, reason });

  const timer = setTimeout(() => refuse(`it said nothing for ${timeoutMs / 1000} s.`), timeoutMs);
  child.on('error', (error) => refuse(describeSpawnError(error)));
  child.on('close', (code, signal) => refuse(describeExit({ code, signal, errors })));
  for (const fd of [REQUESTS_FD, MESSAGES_FD]) {
    // A program that ends early breaks the pipe; its end is reported above.
    child.stdio[fd]?.on('error', () => undefined);
  }
  child.stdio[MESSAGES_FD]?.on('data', () => answer.resolve({ isWorking: true }));

  try {
    return await answer.promise;
  } finally {
    clearTimeout(timer);
    child.kill('SIGKILL');
    for (const stream of child.stdio) {
      stream?.destroy();
    }
  }
}

function describeSpawnError(error: unknown): string {
  if (error instanceof Error && 'code' in error && error.code === 'ENOEXEC') {
    return 'it is not a program for this kind of machine.';
  }
  return `it cannot be started (${error instanceof Error ? error.message : String(error)}).`;
}

interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
  errors: string;
}

/** The dynamic linker says on stderr which library or version it misses, one at a time, and exits with 127 or 1. */
export function describeExit({ code, signal, errors }: Exit): string {
  const missing = /error while loading shared libraries: ([^\s:]+)/.exec(errors)?.[1];
  if (missing) {
    return `the library ${missing} is not installed or cannot be loaded${suggestPackage(missing)}.`;
  }
  const tooOld = /version [`'"]([^'"]+)['"] not found/.exec(errors)?.[1];
  if (tooOld) {
    return `it needs ${tooOld}, which is newer than this system's libraries.`;
  }
  const how = signal ? `it was ended by ${signal}` : `it exited with code ${code}`;
  const firstLine = errors.trim().split('\n')[0];
  return firstLine ? `${how}: ${firstLine}` : `${how} without a word.`;
}

/** Debian 12's packages of the libraries that a built worker is linked against. */
const LIBRARY_PACKAGES: Readonly<Record<string, string>> = {
  'libuv.so.1': 'libuv1',
  'libssl.so.3': 'libssl3',
  'libcrypto.so.3': 'libssl3',
  'libsrtp2.so.1': 'libsrtp2-1',
  'libstdc++.so.6': 'libstdc++6',
  'libgcc_s.so.1': 'libgcc-s1',
};

function suggestPackage(library: string): string {
  const name = LIBRARY_PACKAGES[library];
  return name ? ` (Debian package ${name})` : '';
}
