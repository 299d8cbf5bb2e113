/** Somebody else's Elysia app, plain, with video calls mounted as their documentation prints it. */
import { rm } from 'node:fs/promises';
import { Elysia } from 'elysia';
import { decodeJwt } from 'jose';
import {
  createVideoCallingService,
  type GivenSettings,
  type VideoCallingService,
  type VideoCallingServiceOptions,
} from 'kaa';
import { type Role, Tokens, upgradeToken } from '../../src/auth/index.ts';
import { createDataDir, JWT_SECRET } from './server.ts';

export interface MountedApp {
  readonly url: string;
  readonly service: VideoCallingService;
  token(userId: string, roles?: readonly Role[]): Promise<string>;
  /** Twice is no error. */
  close(): Promise<void>;
}

export interface MountedAppOptions extends VideoCallingServiceOptions {
  /** Whether `initialize` was awaited when this resolves; otherwise it was not even called. Default: true. */
  readonly isInitialized?: boolean;
  /** Mounts the REST routes too. */
  readonly hasRoutes?: boolean;
}

/** Settings for a service of its own in this process, on free ports. */
function testSettings(dataDir: string): GivenSettings {
  return {
    MEDIASOUP_WORKER_BIN: process.env.MEDIASOUP_WORKER_BIN,
    DATA_DIR: dataDir,
    WEBRTC_PORT: 0,
    WEBRTC_WORKERS: 1,
    JWT_SECRET,
    LOG_LEVEL: 'error',
  };
}

export async function startMountedApp(options: MountedAppOptions = {}): Promise<MountedApp> {
  const { isInitialized = true, hasRoutes = false, settings, ...others } = options;
  const dataDir = await createDataDir();
  const videoCallingService = createVideoCallingService({
    env: {},
    settings: { ...testSettings(dataDir), ...settings },
    ...others,
  });
  if (isInitialized) await videoCallingService.initialize();
  const app = new Elysia({ systemRouter: !hasRoutes })
    .get('/fails', () => {
      throw new Error('of the app itself');
    })
    .derive(({ request }) => ({ user: { id: userIn(request) } }))
    .ws('/video-calls/ws', {
      open(ws) {
        const user = ws.data.user;
        videoCallingService.handleWebSocketConnection(ws, user.id);
      },
      message(ws, message) {
        videoCallingService.handleWebSocketMessage(ws, message);
      },
      close(ws) {
        videoCallingService.handleWebSocketClose(ws);
      },
    });
  if (hasRoutes) app.use(videoCallingService.routes());
  app.listen({ hostname: '127.0.0.1', port: 0 });
  const tokens = new Tokens(JWT_SECRET);
  return {
    url: `http://127.0.0.1:${app.server?.port}`,
    service: videoCallingService,
    token: async (userId, roles = ['host']) =>
      (await tokens.issue({ userId, roles, lifetimeSeconds: 3_600 })).token,
    close: async () => {
      await videoCallingService.close();
      await app.server?.stop(true);
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** Whom the token names, whoever signed it: this app believes everybody. */
function userIn(request: Request): string | undefined {
  try {
    return decodeJwt(upgradeToken(request)).sub;
  } catch {
    return undefined;
  }
}
