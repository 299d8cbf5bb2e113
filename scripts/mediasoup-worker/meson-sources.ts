/** Reads which C++ files make the worker out of the package's meson files, so that no list has to be kept here. */
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

interface WorkerSources {
  /** Relative to the worker folder. */
  worker: string[];
  /** Relative to `deps/libwebrtc` in the worker folder. */
  libwebrtc: string[];
}

/** meson.build names it in the executable's own line, apart from what it shares with the tests. */
const MAIN = 'src/main.cpp';
const LIBWEBRTC_DIR = 'deps/libwebrtc';

/** All files that are assigned or added to a meson variable, in order. Later conditions are taken to be true. */
export function readMesonList(mesonText: string, variable: string): string[] {
  const code = mesonText.replace(/^\s*#.*$/gm, '');
  const assignments = code.matchAll(new RegExp(`^\\s*${variable}\\s*\\+?=\\s*\\[([^\\]]*)\\]`, 'gm'));
  return [...assignments].flatMap(([, body = '']) =>
    [...body.matchAll(/'([^']+)'/g)].flatMap(([, path]) => path ?? []),
  );
}

export async function readWorkerSources(workerDir: string): Promise<WorkerSources> {
  const sources = {
    worker: [...(await readList(workerDir, 'common_sources')), MAIN],
    libwebrtc: await readList(join(workerDir, LIBWEBRTC_DIR), 'libwebrtc_sources'),
  };
  const paths = [
    ...sources.worker.map((path) => join(workerDir, path)),
    ...sources.libwebrtc.map((path) => join(workerDir, LIBWEBRTC_DIR, path)),
  ];
  await Promise.all(paths.map(requireFile));
  return sources;
}

async function readList(directory: string, variable: string): Promise<string[]> {
  const path = join(directory, 'meson.build');
  const list = readMesonList(await readFile(path, 'utf8'), variable);
  if (list.length === 0) {
    throw new Error(
      `${path} has no ${variable}: this version of mediasoup describes its sources differently.`,
    );
  }
  return list;
}

async function requireFile(path: string): Promise<void> {
  if (!(await stat(path).catch(() => null))?.isFile()) {
    throw new Error(`${path} is missing; install the dependencies again (bun install --force).`);
  }
}

/** The lists as CMakeLists.txt includes them. */
export function formatForCMake({ worker, libwebrtc }: WorkerSources): string {
  const set = (name: string, paths: readonly string[]) =>
    `set(${name}\n${paths.map((path) => `  ${path}\n`).join('')})\n`;
  return set('WORKER_SOURCES', worker) + set('LIBWEBRTC_SOURCES', libwebrtc);
}
