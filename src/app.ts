/** The composition root: creates every part, starts, drains and closes them. Nothing else knows everything. */
import type { Config } from './config/index.ts';
import { AppError, UndoStack } from './lib/index.ts';
import type { Logger } from './observability/index.ts';
import type { StreamingSessions } from './streaming-sessions/index.ts';
import { serverStatsRoutes, VideoCalling } from './video-calling/index.ts';
import type { Calls } from './wire/calls.ts';
import { wireDiscovery } from './wire/discovery.ts';
import { wireHttp } from './wire/http.ts';
import { wireIngest } from './wire/ingest.ts';
import { wirePhone } from './wire/phone.ts';
import { wireStreams } from './wire/streams.ts';
import { wireUploads } from './wire/uploads.ts';

type Phone = Awaited<ReturnType<typeof wirePhone>>;
type HttpApp = Awaited<ReturnType<typeof wireHttp>>;
type Discovery = ReturnType<typeof wireDiscovery>;
type UploadsWire = Awaited<ReturnType<typeof wireUploads>>;

export interface AppOptions {
  readonly config: Config;
  readonly logger: Logger;
}

export class App {
  readonly calls: Calls;
  readonly phone: Phone;
  readonly uploads: UploadsWire;
  readonly #config: Config;
  readonly #videoCalling: VideoCalling;
  readonly #streams: StreamingSessions;
  readonly #http: HttpApp;
  readonly #discovery: Discovery;
  readonly #drainState: { isDraining: boolean };
  #closed: Promise<void> | undefined;

  /** Opens the database, migrates it, starts the media workers and builds the page; does not listen yet. */
  static async create({ config, logger }: AppOptions): Promise<App> {
    const undo = new UndoStack();
    try {
      const videoCalling = undo.add(new VideoCalling({ config, logger }), (made) => made.close());
      await videoCalling.initialize();
      const { database, calls, tokens, isAllowedOrigin, readiness } = videoCalling.core;
      const ingest = wireIngest({ config, tokens, calls });
      const discovery = wireDiscovery({ config, tokens, logger });
      const streams = undo.add(
        await wireStreams({ config, database, tokens, isAllowedOrigin, logger }),
        (made) => made.close(),
      );
      const { live, library } = calls;
      const phone = undo.add(
        await wirePhone({
          config,
          database,
          tokens,
          media: calls.media,
          videoCalls: calls.service,
          recorder: calls.recordings,
          logger,
        }),
        (made) => made.close(),
      );
      const uploads = undo.add(await wireUploads({ config, database, tokens, calls, logger }), (made) =>
        made.close(),
      );
      const drainState = { isDraining: false };
      const http = await wireHttp({
        config,
        tokens,
        isAllowedOrigin,
        logger,
        routes: [
          ...calls.routes,
          ...ingest.routes,
          ...discovery.routes,
          ...streams.routes,
          ...live.routes({ library, tokens }),
          ...phone.routes,
          ...uploads.routes,
          calls.contract,
          serverStatsRoutes({
            read: () => ({ ...videoCalling.getServerStats(), streams: streams.stats }),
            tokens,
          }),
          calls.socket,
        ],
        readiness: {
          ...readiness,
          draining: async () => {
            if (drainState.isDraining) throw new Error('the server is stopping');
          },
        },
      });
      await live.start();
      return new App({ config, videoCalling, phone, streams, uploads, http, discovery, drainState });
    } catch (error) {
      await undo.unwind();
      throw error;
    }
  }

  private constructor(parts: {
    config: Config;
    videoCalling: VideoCalling;
    streams: StreamingSessions;
    phone: Phone;
    uploads: UploadsWire;
    http: HttpApp;
    discovery: Discovery;
    drainState: { isDraining: boolean };
  }) {
    this.#config = parts.config;
    this.#videoCalling = parts.videoCalling;
    this.calls = parts.videoCalling.core.calls;
    this.#streams = parts.streams;
    this.phone = parts.phone;
    this.uploads = parts.uploads;
    this.#http = parts.http;
    this.#discovery = parts.discovery;
    this.#drainState = parts.drainState;
  }

  /** Every route that is served, whatever the documentation tells: its method (`WS` for a socket), its pattern, its schemas. */
  get routes(): { method: string; path: string; schemas: { body?: unknown; response?: unknown } }[] {
    return this.#http.routes.map(({ method, path, hooks }) => ({
      method,
      path,
      schemas: { body: hooks.body, response: hooks.response },
    }));
  }

  /** Listens, for gRPC too, and gives the address to open. Rejects with `unavailable` when a port is taken. */
  async listen(): Promise<string> {
    const { host, port, tls } = this.#config.http;
    try {
      this.#http.listen({
        hostname: host,
        port,
        ...(tls && { tls: { cert: Bun.file(tls.certPath), key: Bun.file(tls.keyPath) } }),
      });
    } catch (error) {
      throw explainListenFailure(error, host, port);
    }
    const bound = this.#http.server?.port ?? port;
    await this.uploads.grpc.listen();
    this.#discovery.announce({ http: bound, grpc: this.uploads.grpc.port });
    const name = ['0.0.0.0', '::', '127.0.0.1', '::1'].includes(host) ? 'localhost' : host;
    return `${tls ? 'https' : 'http'}://${name}:${bound}`;
  }

  /** Tells everyone that the server stops, and lets go of what it holds. Resolves when all is closed. */
  async drain(): Promise<void> {
    this.#drainState.isDraining = true;
    this.calls.hub.announceDraining(0);
    this.uploads.grpc.announceDraining();
    await this.close();
  }

  /** Closes everything, the opening order backwards. Twice is no error. */
  close(): Promise<void> {
    this.#closed ??= this.#closeAll();
    return this.#closed;
  }

  async #closeAll(): Promise<void> {
    // First, so that nobody is sent here any more; what Consul makes of it need not be waited for.
    const gone = this.#discovery.close();
    await this.phone.close();
    await this.uploads.close();
    await this.calls.close();
    await this.#streams.close();
    await this.#http.server?.stop(true);
    await this.#videoCalling.close();
    await gone;
  }
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
