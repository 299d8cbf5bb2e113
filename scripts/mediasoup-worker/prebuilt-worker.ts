/** Downloads the worker that mediasoup's own releases offer for this platform, where they can be reached. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runLogged } from './run-logged.ts';
import type { WorkerTarget } from './target.ts';

interface DownloadOptions {
  target: WorkerTarget;
  /** Is made, and belongs to this download. */
  directory: string;
  environment: Readonly<Record<string, string | undefined>>;
  report: (line: string) => void;
}

const CONNECT_TIMEOUT_MS = 10_000;
const TOTAL_TIMEOUT_MS = 120_000;
/** The name inside of the archive. */
const BINARY = 'mediasoup-worker';

/** The scheme of mediasoup's releases: Linux workers are told apart by the kernel's major version. */
export function namePrebuiltArchive(
  target: Pick<WorkerTarget, 'version' | 'platform' | 'arch' | 'kernelRelease'>,
): string {
  const kernel = target.platform === 'linux' ? `-kernel${Number.parseInt(target.kernelRelease, 10)}` : '';
  return `mediasoup-worker-${target.version}-${target.platform}-${target.arch}${kernel}.tgz`;
}

/** Null when downloads are switched off, or when neither the environment nor the package says where from. */
export function findPrebuiltUrl(
  target: WorkerTarget,
  environment: Readonly<Record<string, string | undefined>>,
): string | null {
  if (environment.MEDIASOUP_SKIP_WORKER_PREBUILT_DOWNLOAD) {
    return null;
  }
  const base =
    environment.MEDIASOUP_WORKER_PREBUILT_DOWNLOAD_BASE_URL ||
    (target.repositoryUrl && `${target.repositoryUrl}/releases/download`);
  return base ? `${base.replace(/\/+$/, '')}/${target.version}/${namePrebuiltArchive(target)}` : null;
}

/** Returns the unpacked program, unchecked, or null when there is none to be had, for which it reports the reason. */
export async function downloadPrebuiltWorker(options: DownloadOptions): Promise<string | null> {
  const { target, directory, environment, report } = options;
  const url = findPrebuiltUrl(target, environment);
  if (!url) {
    return null;
  }
  report(`Looking for a prebuilt mediasoup worker ${target.version} (${target.platform} ${target.arch}).`);
  try {
    await mkdir(directory, { recursive: true });
    const archive = join(directory, 'worker.tgz');
    await writeFile(archive, await fetchArchive(url));
    await runLogged({
      command: 'tar',
      args: ['-xzf', archive, '-C', directory, BINARY],
      logPath: join(directory, 'tar.log'),
    });
    return join(directory, BINARY);
  } catch (error) {
    report(`No prebuilt mediasoup worker: ${error instanceof Error ? error.message : String(error)}`);
    return null;
  }
}

async function fetchArchive(url: string): Promise<Uint8Array> {
  const stop = new AbortController();
  const noAnswer = setTimeout(
    () => stop.abort(new Error(`no answer from ${new URL(url).host} within ${CONNECT_TIMEOUT_MS / 1000} s.`)),
    CONNECT_TIMEOUT_MS,
  );
  const tooSlow = setTimeout(
    () => stop.abort(new Error(`the download took more than ${TOTAL_TIMEOUT_MS / 1000} s.`)),
    TOTAL_TIMEOUT_MS,
  );
  try {
    const response = await fetch(url, { signal: stop.signal });
    clearTimeout(noAnswer);
    if (!response.ok) {
      throw new Error(
        response.status === 404
          ? 'none is offered for this platform.'
          : `the server answered ${response.status}.`,
      );
    }
    return await response.bytes();
  } finally {
    clearTimeout(noAnswer);
    clearTimeout(tooSlow);
  }
}
