/** One mediasoup worker process and the one port on which all of its WebRTC transports listen. */
import { existsSync } from 'node:fs';
import { createWorker, workerBin as defaultWorkerBin } from 'mediasoup';
import type { Router, TransportListenInfo, WebRtcServer, Worker } from 'mediasoup/types';
import { AppError, Emitter, type Listenable, UndoStack } from '../../lib/index.ts';
import type { Logger } from '../../observability/index.ts';
import { ROUTER_CODECS } from '../codecs.ts';
import { withoutSignalListeners } from './own-signals.ts';
import { countConsumers } from './streams.ts';

export interface MediaWorkerOptions {
  /** Path of the `mediasoup-worker` binary; mediasoup's own place when undefined. */
  readonly workerBin: string | undefined;
  /** Address that the sockets bind to. */
  readonly listenIp: string;
  /** Address that clients are told, where it differs from `listenIp`. */
  readonly announcedAddress: string | undefined;
  /** UDP and TCP port; 0 takes any free one. */
  readonly port: number;
}

interface MediaWorkerEvents extends Record<string, unknown> {
  /** The process is gone and everything on it with it. Emitted at most once, never after `close()`. */
  died: undefined;
}

export class MediaWorker {
  readonly #emitter = new Emitter<MediaWorkerEvents>();
  readonly #worker: Worker;
  readonly #server: WebRtcServer;
  readonly #logger: Logger;
  readonly #consumers: { readonly count: number };
  /** By `performance.now()`. */
  readonly startedAtMs: number;
  #routerCount = 0;

  /** Rejects with `unavailable` when the binary is missing, or the port is taken. */
  static async create(options: MediaWorkerOptions, logger: Logger): Promise<MediaWorker> {
    const workerBin = options.workerBin ?? defaultWorkerBin;
    if (!existsSync(workerBin)) {
      // Under Bun a missing binary shows as a TypeError deep inside mediasoup.
      throw new AppError(
        'unavailable',
        `There is no media worker at ${workerBin}. Run "bun run start" once to set it up, or correct MEDIASOUP_WORKER_BIN.`,
        'server',
      );
    }
    const undo = new UndoStack();
    const startedAtMs = performance.now();
    try {
      const worker = undo.add(
        await withoutSignalListeners(() => createWorker({ logLevel: 'warn', workerBin })),
        (made) => made.close(),
      );
      const server = await worker.createWebRtcServer({ listenInfos: listenInfos(options) });
      return new MediaWorker({
        worker,
        server,
        startedAtMs,
        logger: logger.child({ workerPid: worker.pid }),
      });
    } catch (error) {
      await undo.unwind();
      throw new AppError('unavailable', explain(error, options), 'server', { cause: error });
    }
  }

  private constructor(parts: { worker: Worker; server: WebRtcServer; startedAtMs: number; logger: Logger }) {
    const { worker } = parts;
    this.#worker = worker;
    this.#server = parts.server;
    this.startedAtMs = parts.startedAtMs;
    this.#logger = parts.logger;
    this.#consumers = countConsumers(worker);
    worker.on('died', (error) => {
      this.#logger.error({ err: error }, 'media worker died');
      this.#emitter.emit('died', undefined);
    });
  }

  get events(): Listenable<MediaWorkerEvents> {
    return this.#emitter;
  }

  get pid(): number {
    return this.#worker.pid;
  }

  get webRtcServer(): WebRtcServer {
    return this.#server;
  }

  get isClosed(): boolean {
    return this.#worker.closed;
  }

  /** Routers that live on this worker: its load, as far as placement looks. */
  get routerCount(): number {
    return this.#routerCount;
  }

  get consumerCount(): number {
    return this.#consumers.count;
  }

  /** Milliseconds of processor time that the process has used since `startedAtMs`. */
  async cpuMs(): Promise<number> {
    const { ru_utime, ru_stime } = await this.#worker.getResourceUsage();
    return ru_utime + ru_stime;
  }

  async createRouter(): Promise<Router> {
    this.#routerCount += 1;
    try {
      const router = await this.#worker.createRouter({ mediaCodecs: ROUTER_CODECS });
      router.observer.once('close', () => {
        this.#routerCount -= 1;
      });
      return router;
    } catch (error) {
      this.#routerCount -= 1;
      throw error;
    }
  }

  /** What mediasoup itself counts, for tests that prove nothing is left. */
  async dump(): Promise<{ routers: number; transports: number }> {
    const { routerIds } = await this.#worker.dump();
    const { webRtcTransportIds } = await this.#server.dump();
    return { routers: routerIds.length, transports: webRtcTransportIds.length };
  }

  /** Ends the process. Resolves when it is gone. Twice is no error. */
  async close(): Promise<void> {
    const isGone = hasExited(this.#worker);
    this.#worker.close();
    this.#emitter.removeAll();
    await isGone;
  }
}

function listenInfos(options: MediaWorkerOptions): TransportListenInfo[] {
  const common = {
    ip: options.listenIp,
    ...(options.announcedAddress ? { announcedAddress: options.announcedAddress } : {}),
    ...(options.port > 0 ? { port: options.port } : {}),
  };
  return [
    { protocol: 'udp', ...common },
    { protocol: 'tcp', ...common },
  ];
}

/** `subprocessclose` tells that the process is really gone; `close()` only asks it to go. */
function hasExited(worker: Worker): Promise<void> {
  if (worker.subprocessClosed) return Promise.resolve();
  return new Promise((resolve) => worker.once('subprocessclose', () => resolve()));
}

function explain(error: unknown, { port }: MediaWorkerOptions): string {
  const reason = error instanceof Error ? error.message : String(error);
  return reason.includes('address already in use')
    ? `Port ${port} for media is in use, perhaps by another Kaa. Free it, or set WEBRTC_PORT to another one.`
    : `The media worker could not start: ${reason}`;
}
