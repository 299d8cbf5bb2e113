/** Starts the real server inside of the test process: own data folder, free ports, one or two workers. */
import { mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from '../../src/app.ts';
import { type Role, type TokenRequest, Tokens } from '../../src/auth/index.ts';
import { loadConfig } from '../../src/config/index.ts';
import { createLogger } from '../../src/observability/index.ts';
import { createEmbeddedFolder } from './embedded-folder.ts';

export interface TestServerOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Kept from an earlier server, to see what survives; otherwise a new folder that goes with the server. */
  readonly dataDir?: string;
  /** Takes each line of the log, as JSON, in the place of the terminal. */
  readonly onLogLine?: (line: string) => void;
}

export interface TestServer {
  readonly app: App;
  readonly url: string;
  readonly dataDir: string;
  /** A token of this server for an hour; role `host` unless said otherwise. */
  token(userId: string, roles?: readonly Role[], request?: Partial<TokenRequest>): Promise<string>;
  /** Twice is no error. */
  close(): Promise<void>;
}

/** A new data folder with a database that is made already. */
export async function createDataDir(): Promise<string> {
  const dataDir = await mkdtemp(join(tmpdir(), 'kaa-test-'));
  const { dataDir: database } = await createEmbeddedFolder();
  await rename(database, join(dataDir, 'pglite'));
  return dataDir;
}

export const JWT_SECRET = 'a-secret-of-the-tests-that-is-long-enough';

export async function startTestServer(options: TestServerOptions = {}): Promise<TestServer> {
  const dataDir = options.dataDir ?? (await createDataDir());
  const { MEDIASOUP_WORKER_BIN } = process.env;
  const config = loadConfig({
    cwd: dataDir,
    env: {
      ...(MEDIASOUP_WORKER_BIN && { MEDIASOUP_WORKER_BIN }),
      DATA_DIR: dataDir,
      PORT: '0',
      GRPC_PORT: '0',
      WEBRTC_PORT: '0',
      WEBRTC_WORKERS: '1',
      JWT_SECRET,
      LOG_LEVEL: 'warn',
      ...options.env,
    },
  });
  const { onLogLine } = options;
  const logger = createLogger({
    ...config.log,
    service: 'kaa-test',
    ...(onLogLine && { format: 'json', destination: { write: onLogLine } }),
  });
  const app = await App.create({ config, logger });
  const tokens = new Tokens(JWT_SECRET);
  return {
    app,
    url: await app.listen(),
    dataDir,
    token: async (userId, roles = ['host'], request = {}) =>
      (await tokens.issue({ userId, roles, lifetimeSeconds: 3_600, ...request })).token,
    close: async () => {
      await app.close();
      if (options.dataDir === undefined) await rm(dataDir, { recursive: true, force: true });
    },
  };
}
