/** One of our two WebRTC transports: connects it when mediasoup-client asks, and mends its network path by ICE restarts. */
import type { types } from 'mediasoup-client';
import type { IceServer } from '../protocol/index.ts';
import { CallError } from './errors.ts';
import { Emitter, type Listenable } from './events.ts';
import { toWireCapabilities } from './media-parameters.ts';
import type { SignalingConnection } from './signaling-connection.ts';

export interface MediaTransportOptions {
  readonly direction: 'send' | 'recv';
  readonly device: types.Device;
  readonly connection: SignalingConnection;
  readonly iceServers: readonly IceServer[];
}

export interface MediaTransportEvents {
  /** No ICE restart helped: only joining again can. */
  failed: undefined;
}

/** A browser often finds its way back by itself within this time. */
const DISCONNECTED_PATIENCE_MS = 2_500;
const RESTART_PATIENCE_MS = 6_000;
const MAX_RESTARTS = 3;

export class MediaTransport {
  readonly transport: types.Transport;
  readonly #emitter = new Emitter<MediaTransportEvents>();
  readonly #connection: SignalingConnection;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #restarts = 0;

  static async create(options: MediaTransportOptions): Promise<MediaTransport> {
    const { direction, device, connection } = options;
    const created = await connection.request('create-transport', {
      direction,
      ...(direction === 'recv' && { rtpCapabilities: toWireCapabilities(device.recvRtpCapabilities) }),
    });
    if (connection.closed) throw new CallError('connection_closed', connection.closed.message);
    const parameters: types.TransportOptions = {
      id: created.transportId,
      iceParameters: created.iceParameters,
      iceCandidates: created.iceCandidates,
      dtlsParameters: created.dtlsParameters,
      iceServers: [...options.iceServers],
    };
    const transport =
      direction === 'send' ? device.createSendTransport(parameters) : device.createRecvTransport(parameters);
    return new MediaTransport(transport, connection);
  }

  private constructor(transport: types.Transport, connection: SignalingConnection) {
    this.transport = transport;
    this.#connection = connection;
    transport.on('connect', ({ dtlsParameters }, done, failed) => {
      connection
        .request('connect-transport', { transportId: transport.id, dtlsParameters })
        .then(done, failed);
    });
    transport.on('connectionstatechange', (state) => this.#handleState(state));
  }

  get events(): Listenable<MediaTransportEvents> {
    return this.#emitter;
  }

  /** Closes what it carries too. Twice is no error. */
  close(): void {
    clearTimeout(this.#timer);
    this.#emitter.removeAll();
    this.transport.close();
  }

  #handleState(state: types.ConnectionState): void {
    if (state === 'connected') {
      clearTimeout(this.#timer);
      this.#restarts = 0;
    } else if (state === 'disconnected') {
      this.#restartIn(DISCONNECTED_PATIENCE_MS);
    } else if (state === 'failed') {
      this.#restartIn(0);
    }
  }

  #restartIn(delayMs: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#restartIce(), delayMs);
  }

  #restartIce(): void {
    if (this.transport.closed) return;
    if (this.#restarts >= MAX_RESTARTS) {
      this.#emitter.emit('failed', undefined);
      return;
    }
    this.#restarts += 1;
    // Asked again after a while, unless `connected` comes first.
    this.#restartIn(RESTART_PATIENCE_MS);
    this.#connection
      .request('restart-ice', { transportId: this.transport.id })
      .then((restarted) => this.transport.restartIce(restarted))
      .catch(() => {
        // A lost socket ends this transport anyway; anything else is tried again by the timer.
      });
  }
}
