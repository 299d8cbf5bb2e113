/** Wires HTTP: one Elysia app with errors, origins, documentation, health and the page around the routes of the features. */
import { cors } from '@elysiajs/cors';
import { type AnyElysia, Elysia } from 'elysia';
import { devTokenRoutes, type Tokens } from '../auth/index.ts';
import type { Config } from '../config/index.ts';
import { toUnavailable } from '../db/index.ts';
import {
  buildWebApp,
  documentation,
  fitInput,
  headRequests,
  healthRoutes,
  httpErrors,
  jsonBodies,
  limitBodies,
  type OriginCheck,
  type ReadinessCheck,
  webAppRoutes,
} from '../http/index.ts';
import { ingestGate } from '../ingest/index.ts';
import { WEBHOOK_PATH } from '../live-recorder/index.ts';
import type { Logger } from '../observability/index.ts';
import { linkOriginOf } from '../storage/index.ts';
import { PHONE_ERRORS } from '../voip/index.ts';

/** The longest message of the signalling socket in bytes: one with an SDP. */
const MAX_SIGNALING_BYTES = 256 * 1024;
/** How far over its limit a message may be and still be read to its end, for its sender to be told. */
const SPARE_BYTES = 1024 * 1024;
/** JSON bodies are small; a larger one is answered 413. */
const MAX_BODY_BYTES = 1024 * 1024;
/** Over its own limit Bun answers before we can, without a body: it must not be what a caller meets. */
const MAX_BODY_BYTES_OF_BUN = Number.MAX_SAFE_INTEGER;

export interface HttpDeps {
  readonly config: Config;
  readonly tokens: Tokens;
  readonly isAllowedOrigin: OriginCheck;
  readonly readiness: Readonly<Record<string, ReadinessCheck>>;
  readonly routes: readonly AnyElysia[];
  readonly logger: Logger;
}

export async function wireHttp({ config, tokens, isAllowedOrigin, readiness, routes, logger }: HttpDeps) {
  const storages = [config.storage, ...(config.live.storage ? [config.live.storage] : [])];
  const origins = storages.map(linkOriginOf).filter((origin) => origin !== undefined);
  const bundle = await buildWebApp({
    isDevelopment: config.environment !== 'production',
    ...(config.auth.authUrl === undefined ? {} : { authUrl: config.auth.authUrl }),
    filesOrigins: [...new Set(origins)],
  });
  const { maxMessageBytes, slowLimitBytes } = config.streams;
  const app = new Elysia({
    // Bun's own router would hand `/video-calls/ws` to `GET /video-calls/:id`.
    systemRouter: false,
    // Fields that a schema does not name are mistakes to be told, not to be dropped: `tite` is no title.
    normalize: false,
    serve: { maxRequestBodySize: MAX_BODY_BYTES_OF_BUN },
    websocket: {
      // Bun knows one limit for all sockets, and cuts off who is over it in the middle of their message: not everybody
      // hears the 1009 that it says. Each socket checks its own, smaller limit.
      maxPayloadLength:
        SPARE_BYTES + Math.max(MAX_SIGNALING_BYTES, config.signaling.maxMessageBytes, maxMessageBytes),
      // Over this Bun drops what is sent, and tells nobody who reads: whoever sends looks after slow readers before.
      backpressureLimit: slowLimitBytes + maxMessageBytes,
      // Signalling looks after silent sockets itself, with a close code of its own.
      idleTimeout: 0,
    },
  })
    .use(httpErrors(logger, { explain: toUnavailable, dialects: [PHONE_ERRORS] }))
    .use((whole) => whole.use(headRequests((request) => whole.handle(request))))
    .use(limitBodies(MAX_BODY_BYTES, { textPaths: [WEBHOOK_PATH] }))
    .use(fitInput())
    .use(ingestGate())
    .use(
      cors({
        origin: (request) => request.headers.has('origin') && isAllowedOrigin(request),
        methods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
        allowedHeaders: ['authorization', 'content-type', 'if-match', 'idempotency-key'],
        // RFC 9725, section 4.2, and what its clients read.
        exposeHeaders: ['retry-after', 'location', 'etag', 'link', 'accept-post', 'accept-patch'],
        credentials: false,
        maxAge: 600,
      }),
    )
    .use((whole) => whole.use(documentation(() => whole.routes)))
    .use(healthRoutes({ serviceName: config.serviceName, checks: readiness }))
    .use(webAppRoutes(bundle));
  if (config.environment !== 'production') {
    app.use(new Elysia().use(jsonBodies()).use(devTokenRoutes(tokens)));
  }
  for (const route of routes) app.use(route);
  return app;
}
