/** One mediasoup worker process and the one port on which all of its WebRTC transports listen. */
import { existsSync } from 'node:fs';
import { createWorker, workerBin as defaultWorkerBin } from 'mediasoup';
import type { Router, TransportListenInfo, WebRtcServer, WebRtcTransport, Worker } from 'mediasoup/types';
import { AppError, Emitter, type Listenable, UndoStack } from '../../lib/index.ts';
import type { Logger } from '../../observability/index.ts';
import type { RtpCapabilities } from '../../protocol/index.ts';
import { ROUTER_CODECS, toOfferedCapabilities } from '../codecs.ts';
import { UDP_BUFFER_BYTES } from '../udp-buffer.ts';
import { Heartbeat } from './heartbeat.ts';
import { withoutSignalListeners } from './own-signals.ts';
import type { Load } from './placement.ts';
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
  /** A worker that answers nothing for so many milliseconds hangs: it is killed, and counts as dead. */
  readonly timeoutMs: number;
}

interface MediaWorkerEvents extends Record<string, unknown> {
  /** The process is gone and everything on it with it. Emitted at most once, never after `close()`. */
  died: undefined;
}

/** How often a worker is asked whether it is there. */
const HEARTBEAT_INTERVAL_MS = 1_000;
/** How long a worker may take to end when it is asked to. */
const END_TIMEOUT_MS = 2_000;

export class MediaWorker implements Load {
  readonly #emitter = new Emitter<MediaWorkerEvents>();
  readonly #worker: Worker;
  readonly #server: WebRtcServer;
  readonly #logger: Logger;
  readonly #heartbeat: Heartbeat;
  readonly #consumers: { readonly count: number };
  /** By `performance.now()`. */
  readonly startedAtMs: number;
  /**
   * Milliseconds since 1970 at which `performance.now()` was 0, as the clock stood when the process started. The wall times that
   * it reports count from there, however the clock is set later.
   */
  readonly wallAtZeroMs: number;
  #routerCount = 0;
  #offered: RtpCapabilities | undefined;
  #reach: Pick<WebRtcTransport, 'iceCandidates' | 'dtlsParameters'> | undefined;

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
    const wallAtZeroMs = Date.now() - startedAtMs;
    try {
      const worker = undo.add(
        await withoutSignalListeners(() => createWorker({ logLevel: 'warn', workerBin })),
        (made) => made.close(),
      );
      const server = await worker.createWebRtcServer({ listenInfos: listenInfos(options) });
      return new MediaWorker({
        worker,
        server,
        timeoutMs: options.timeoutMs,
        startedAtMs,
        wallAtZeroMs,
        logger: logger.child({ workerPid: worker.pid }),
      });
    } catch (error) {
      await undo.unwind();
      throw new AppError('unavailable', explain(error, options), 'server', { cause: error });
    }
  }

  private constructor(parts: {
    worker: Worker;
    server: WebRtcServer;
    startedAtMs: number;
    wallAtZeroMs: number;
    timeoutMs: number;
    logger: Logger;
  }) {
    const { worker, timeoutMs, logger } = parts;
    this.#worker = worker;
    this.#server = parts.server;
    this.startedAtMs = parts.startedAtMs;
    this.wallAtZeroMs = parts.wallAtZeroMs;
    this.#logger = logger;
    this.#consumers = countConsumers(worker);
    this.#heartbeat = new Heartbeat(
      () => worker.getResourceUsage(),
      { intervalMs: HEARTBEAT_INTERVAL_MS, timeoutMs },
      () => {
        logger.error({ timeoutMs }, 'media worker hangs, killing it');
        this.#kill();
      },
    );
    worker.on('died', (error) => {
      this.#heartbeat.close();
      logger.error({ err: error }, 'media worker died');
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

  /** How any transport of it is reached before it is connected: over the same sockets, with the certificate of the process. */
  reachOf(transport: WebRtcTransport): Pick<WebRtcTransport, 'iceCandidates' | 'dtlsParameters'> {
    // A transport gives a deep copy whenever it is asked.
    this.#reach ??= { iceCandidates: transport.iceCandidates, dtlsParameters: transport.dtlsParameters };
    return this.#reach;
  }

  /** What clients are told that a router of it takes. All are made alike, and each gives a deep copy whenever it is asked. */
  offeredCapabilities(router: Router): RtpCapabilities {
    this.#offered ??= toOfferedCapabilities(router.rtpCapabilities);
    return this.#offered;
  }

  /** What mediasoup itself counts, for tests that prove nothing is left. */
  async dump(): Promise<{ routers: number; transports: number }> {
    const { routerIds } = await this.#worker.dump();
    const { webRtcTransportIds } = await this.#server.dump();
    return { routers: routerIds.length, transports: webRtcTransportIds.length };
  }

  /** Ends the process. Resolves when it is gone. Twice is no error. */
  async close(): Promise<void> {
    this.#heartbeat.close();
    this.#emitter.removeAll();
    const isGone = hasExited(this.#worker);
    this.#worker.close();
    // One that hangs does not hear that it should end.
    const timer = setTimeout(() => this.#kill(), END_TIMEOUT_MS);
    await isGone;
    clearTimeout(timer);
  }

  #kill(): void {
    try {
      process.kill(this.#worker.pid, 'SIGKILL');
    } catch (error) {
      this.#logger.debug({ err: error }, 'the media worker was gone already');
    }
  }
}

function listenInfos(options: MediaWorkerOptions): TransportListenInfo[] {
  const common = {
    ip: options.listenIp,
    ...(options.announcedAddress ? { announcedAddress: options.announcedAddress } : {}),
    ...(options.port > 0 ? { port: options.port } : {}),
  };
  return [
    { protocol: 'udp', ...common, recvBufferSize: UDP_BUFFER_BYTES, sendBufferSize: UDP_BUFFER_BYTES },
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
