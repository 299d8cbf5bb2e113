/**
 * The baseline: mediasoup alone. The same worker program, codecs and transport options as Kaa's, and of everything else only
 * what a call cannot do without: no observers, no stats, no rights, no database.
 */
import { createWorker, workerBin as defaultWorkerBin } from 'mediasoup';
import type { Router, WebRtcServer, WebRtcTransport, Worker } from 'mediasoup/types';
import { ROUTER_CODECS } from '../../src/media/index.ts';

const LOOPBACK = '127.0.0.1';
/** As `src/media/endpoint/transport.ts` has them. */
const INITIAL_OUTGOING_BITRATE = 1_000_000;
const ICE_CONSENT_TIMEOUT_SECONDS = 30;
export const KEYFRAME_REQUEST_DELAY_MS = 1_000;

export class BareRooms {
  readonly #worker: Worker;
  readonly #server: WebRtcServer;
  readonly #routers = new Map<string, Promise<Router>>();

  static async create(workerBin: string | undefined): Promise<BareRooms> {
    const worker = await createWorker({ logLevel: 'warn', workerBin: workerBin ?? defaultWorkerBin });
    const server = await worker.createWebRtcServer({
      listenInfos: [
        { protocol: 'udp', ip: LOOPBACK },
        { protocol: 'tcp', ip: LOOPBACK },
      ],
    });
    return new BareRooms(worker, server);
  }

  private constructor(worker: Worker, server: WebRtcServer) {
    this.#worker = worker;
    this.#server = server;
  }

  get workerPid(): number {
    return this.#worker.pid;
  }

  /** The router of this room; made for the first who asks. */
  router(roomId: string): Promise<Router> {
    const known = this.#routers.get(roomId);
    if (known) return known;
    const router = this.#worker.createRouter({ mediaCodecs: ROUTER_CODECS });
    this.#routers.set(roomId, router);
    return router;
  }

  createTransport(router: Router): Promise<WebRtcTransport> {
    return router.createWebRtcTransport({
      webRtcServer: this.#server,
      enableUdp: true,
      enableTcp: true,
      preferUdp: true,
      initialAvailableOutgoingBitrate: INITIAL_OUTGOING_BITRATE,
      iceConsentTimeout: ICE_CONSENT_TIMEOUT_SECONDS,
    });
  }

  async closeRooms(): Promise<void> {
    const routers = await Promise.all(this.#routers.values());
    this.#routers.clear();
    for (const router of routers) router.close();
  }
}
