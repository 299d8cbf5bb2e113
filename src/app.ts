/** The composition root: creates every part, starts, drains and closes them. Nothing else knows everything. */
import type { Config } from './config/index.ts';
import { AppError, UndoStack } from './lib/index.ts';
import type { Logger } from './observability/index.ts';
import { serverStatsRoutes, VideoCalling } from './video-calling/index.ts';
import type { Calls } from './wire/calls.ts';
import { wireDiscovery } from './wire/discovery.ts';
import type { Feature, ServerParts } from './wire/feature.ts';
import { wireHttp } from './wire/http.ts';
import { wireIngest } from './wire/ingest.ts';
import { wireLive } from './wire/live.ts';
import { wirePhone } from './wire/phone.ts';
import { wireStreams } from './wire/streams.ts';
import { wireUploads } from './wire/uploads.ts';

type Features = Awaited<ReturnType<typeof wireFeatures>>;
type HttpApp = Awaited<ReturnType<typeof wireHttp>>;

export interface AppOptions {
  readonly config: Config;
  readonly logger: Logger;
}

interface AppParts {
  readonly config: Config;
  readonly videoCalling: VideoCalling;
  readonly features: Features;
  readonly http: HttpApp;
  readonly drainState: { isDraining: boolean };
}

export class App {
  readonly calls: Calls;
  readonly #parts: AppParts;
  #closed: Promise<void> | undefined;

  /** Opens the database, migrates it, starts the media workers and builds the page; does not listen yet. */
  static async create({ config, logger }: AppOptions): Promise<App> {
    const undo = new UndoStack();
    try {
      const videoCalling = undo.add(new VideoCalling({ config, logger }), (made) => made.close());
      await videoCalling.initialize();
      const { core } = videoCalling;
      const { calls, tokens } = core;
      const features = await wireFeatures({ config, logger, ...core }, undo);
      const { streams, phone } = features;
      const readStats = () => ({
        ...videoCalling.getServerStats(),
        streams: streams.stats,
        phone: phone.stats,
      });
      const drainState = { isDraining: false };
      const http = await wireHttp({
        config,
        tokens,
        isAllowedOrigin: core.isAllowedOrigin,
        logger,
        routes: [
          ...calls.routes,
          ...listOf(features).flatMap(({ routes }) => routes),
          calls.contract,
          serverStatsRoutes({ read: readStats, tokens }),
          calls.socket,
        ],
        readiness: {
          ...core.readiness,
          draining: async () => {
            if (drainState.isDraining) throw new Error('the server is stopping');
          },
        },
      });
      for (const feature of listOf(features)) await feature.start?.();
      return new App({ config, videoCalling, features, http, drainState });
    } catch (error) {
      await undo.unwind();
      throw error;
    }
  }

  private constructor(parts: AppParts) {
    this.#parts = parts;
    this.calls = parts.videoCalling.core.calls;
  }

  get phone(): Features['phone'] {
    return this.#parts.features.phone;
  }

  get uploads(): Features['uploads'] {
    return this.#parts.features.uploads;
  }

  /** Every route that is served, whatever the documentation tells: its method (`WS` for a socket), its pattern, its schemas. */
  get routes(): { method: string; path: string; schemas: { body?: unknown; response?: unknown } }[] {
    return this.#parts.http.routes.map(({ method, path, hooks }) => ({
      method,
      path,
      schemas: { body: hooks.body, response: hooks.response },
    }));
  }

  /** Listens, for gRPC too, and gives the address to open. Rejects with `unavailable` when a port is taken. */
  async listen(): Promise<string> {
    const { config, http, features } = this.#parts;
    const { host, port, tls } = config.http;
    try {
      http.listen({
        hostname: host,
        port,
        ...(tls && { tls: { cert: Bun.file(tls.certPath), key: Bun.file(tls.keyPath) } }),
      });
    } catch (error) {
      throw explainListenFailure(error, host, port);
    }
    const bound = http.server?.port ?? port;
    const { grpc } = features.uploads;
    await grpc.listen();
    features.discovery.announce({ http: bound, grpc: grpc.port });
    const name = ['0.0.0.0', '::', '127.0.0.1', '::1'].includes(host) ? 'localhost' : host;
    return `${tls ? 'https' : 'http'}://${name}:${bound}`;
  }

  /** Tells everyone that the server stops, and lets go of what it holds. Resolves when all is closed. */
  async drain(): Promise<void> {
    this.#parts.drainState.isDraining = true;
    this.calls.hub.announceDraining(0);
    await this.close();
  }

  /** Closes everything, the opening order backwards. Twice is no error. */
  close(): Promise<void> {
    this.#closed ??= this.#closeAll();
    return this.#closed;
  }

  async #closeAll(): Promise<void> {
    const { videoCalling, features, http } = this.#parts;
    const all = listOf(features);
    for (const feature of all) feature.announceDraining?.();
    for (const feature of all.toReversed()) await feature.close?.();
    await this.calls.close();
    await http.server?.stop(true);
    await videoCalling.close();
  }
}

/** Every feature beside the calls themselves; what needs another comes after it, and is closed before it. */
async function wireFeatures(parts: ServerParts, undo: UndoStack) {
  const add = <Made extends Feature>(made: Made): Made => undo.add(made, (feature) => feature.close?.());
  return {
    discovery: add(wireDiscovery(parts)),
    streams: add(await wireStreams(parts)),
    ingest: add(wireIngest(parts)),
    live: add(wireLive(parts)),
    uploads: add(await wireUploads(parts)),
    phone: add(await wirePhone(parts)),
  };
}

function listOf(features: Features): readonly Feature[] {
  return Object.values(features);
}

function explainListenFailure(error: unknown, host: string, port: number): unknown {
  if (!(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')) return error;
  return new AppError(
    'unavailable',
    `Port ${port} on ${host} is in use, perhaps by another Kaa. Free it, or set PORT to another one.`,
    'server',
    { cause: error },
  );
}
