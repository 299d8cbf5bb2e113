/** Streaming sessions alone on a listener of their own, with other settings than the next: several share one database. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Elysia } from 'elysia';
import { type Role, type TokenRequest, Tokens } from '../../../src/auth/index.ts';
import { loadConfig } from '../../../src/config/index.ts';
import { type Database, openDatabase, toUnavailable } from '../../../src/db/index.ts';
import { httpErrors, originCheck } from '../../../src/http/index.ts';
import { createLogger } from '../../../src/observability/index.ts';
import { StreamingSessions } from '../../../src/streaming-sessions/index.ts';
import { createDataDir, JWT_SECRET } from '../server.ts';

/** As the whole server has it, see `wire/http.ts`. */
const SPARE_BYTES = 1024 * 1024;

export interface StreamDatabase {
  readonly database: Database;
  readonly dataDir: string;
  close(): Promise<void>;
}

export async function openStreamDatabase(): Promise<StreamDatabase> {
  const dataDir = await createDataDir();
  const database = await openDatabase({ kind: 'pglite', dataDir: join(dataDir, 'pglite') });
  await database.migrate();
  return {
    database,
    dataDir,
    close: async () => {
      await database.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

export interface StreamServer {
  readonly url: string;
  readonly streams: StreamingSessions;
  token(userId: string, roles?: readonly Role[], request?: Partial<TokenRequest>): Promise<string>;
  close(): Promise<void>;
}

/** The caller owns the database. */
export async function startStreamServer(
  { database, dataDir }: Pick<StreamDatabase, 'database' | 'dataDir'>,
  env: Readonly<Record<string, string>> = {},
): Promise<StreamServer> {
  const config = loadConfig({
    cwd: dataDir,
    env: { DATA_DIR: dataDir, JWT_SECRET, LOG_LEVEL: 'warn', ...env },
  });
  const logger = createLogger({ ...config.log, service: 'kaa-test' });
  const tokens = new Tokens(JWT_SECRET);
  const streams = await StreamingSessions.create({
    config: config.streams,
    publicBaseUrl: undefined,
    database,
    tokens,
    isAllowedOrigin: originCheck(config.http),
    logger,
  });
  const { maxMessageBytes, slowLimitBytes } = config.streams;
  const app = new Elysia({
    systemRouter: false,
    normalize: false,
    websocket: {
      maxPayloadLength: maxMessageBytes + SPARE_BYTES,
      backpressureLimit: slowLimitBytes + maxMessageBytes,
      idleTimeout: 0,
    },
  }).use(httpErrors(logger, { explain: toUnavailable }));
  for (const route of streams.routes) app.use(route);
  app.listen({ hostname: '127.0.0.1', port: 0 });
  return {
    url: `http://127.0.0.1:${app.server?.port}`,
    streams,
    token: async (userId, roles = ['host'], request = {}) =>
      (await tokens.issue({ userId, roles, lifetimeSeconds: 3_600, ...request })).token,
    close: async () => {
      await streams.close();
      await app.server?.stop(true);
    },
  };
}
