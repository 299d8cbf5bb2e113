/** The real server as a process of its own, with the probe in it. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Tokens } from '../../src/auth/index.ts';
import { createDataDir } from '../../test/support/server.ts';
import { Child } from './child.ts';
import type { ProbeMethods } from './probe.ts';

const PROJECT = join(import.meta.dir, '../..');
const JWT_SECRET = 'a-secret-of-the-benchmarks-that-is-long-enough';
const START_TIMEOUT_MS = 60_000;

export interface KaaProcess {
  readonly url: string;
  readonly pid: number;
  readonly workerPids: readonly number[];
  readonly probe: Child<ProbeMethods>;
  /** A token of this server for a day; role `host`. */
  token(userId: string): Promise<string>;
  /** Ends the process and removes its data. Twice is no error. */
  close(): Promise<void>;
}

/** Starts the server with one worker on free ports of this machine. `env` is what differs from that. */
export async function startKaa(env: Readonly<Record<string, string>> = {}): Promise<KaaProcess> {
  const dataDir = await createDataDir();
  const listening = Promise.withResolvers<string>();
  const probe = Child.start<ProbeMethods>({
    command: [
      process.execPath,
      '--preload',
      join(import.meta.dir, 'probe.ts'),
      join(PROJECT, 'src/index.ts'),
    ],
    cwd: dataDir,
    env: {
      ...workerBin(),
      DATA_DIR: dataDir,
      PORT: '0',
      GRPC_PORT: '0',
      WEBRTC_PORT: '0',
      WEBRTC_WORKERS: '1',
      WEBRTC_WORKER_CAPACITY: '100000',
      LOG_FORMAT: 'json',
      JWT_SECRET,
      ...env,
    },
    onLine: (line) => {
      const url = line.match(/"url":"(http[^"]+)"/)?.[1];
      if (url) listening.resolve(url);
      else if (/"level":"?(error|fatal|50|60)/.test(line)) console.error(line);
    },
  });
  const close = async () => {
    await probe.close();
    await rm(dataDir, { recursive: true, force: true });
  };
  const timer = setTimeout(() => listening.reject(new Error('the server did not start')), START_TIMEOUT_MS);
  probe.exited.then((code) => listening.reject(new Error(`the server ended with ${code}`)));
  try {
    const url = await listening.promise;
    const workerPids = await probe.call('workerPids', null);
    const tokens = new Tokens(JWT_SECRET);
    return {
      url,
      pid: probe.pid,
      workerPids,
      probe,
      token: async (userId) =>
        (await tokens.issue({ userId, roles: ['host'], lifetimeSeconds: 86_400 })).token,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

/** The program of the media workers, for every process that needs it. */
export function workerBin(): Record<string, string> {
  const { MEDIASOUP_WORKER_BIN } = process.env;
  return MEDIASOUP_WORKER_BIN === undefined ? {} : { MEDIASOUP_WORKER_BIN };
}
