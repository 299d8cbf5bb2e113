/** One of our two WebRTC transports: connects it when mediasoup-client asks, and mends its network path by ICE restarts. */
import type { types } from 'mediasoup-client';
import type { IceServer, TransportCreated } from '../protocol/index.ts';
import { CallError, isConnectionLost } from './errors.ts';
import { Emitter, type Listenable } from './events.ts';
import type { SignalingLine } from './signaling-line.ts';

export interface MediaTransportOptions {
  readonly direction: 'send' | 'recv';
  readonly device: types.Device;
  readonly line: SignalingLine;
  readonly iceServers: readonly IceServer[];
  /** What the server made of it already; without, it is asked to. */
  readonly created?: TransportCreated | undefined;
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
  /** Of everything that goes over it. */
  readonly generation: number;
  readonly #emitter = new Emitter<MediaTransportEvents>();
  readonly #line: SignalingLine;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #restarts = 0;
  #isInDoubt = false;

  static async create(options: MediaTransportOptions): Promise<MediaTransport> {
    const { direction, device, line } = options;
    const created = options.created ?? (await line.request('create-transport', { direction }));
    if (!line.isOpen) throw new CallError('connection_closed', 'The connection to the server was lost.');
    const parameters: types.TransportOptions = {
      id: created.transportId,
      iceParameters: created.iceParameters,
      iceCandidates: created.iceCandidates,
      dtlsParameters: created.dtlsParameters,
      iceServers: [...options.iceServers],
    };
    const transport =
      direction === 'send' ? device.createSendTransport(parameters) : device.createRecvTransport(parameters);
    return new MediaTransport(transport, line, created.generation);
  }

  private constructor(transport: types.Transport, line: SignalingLine, generation: number) {
    this.transport = transport;
    this.generation = generation;
    this.#line = line;
    transport.on('connect', ({ dtlsParameters }, done, failed) => {
      line
        .request('connect-transport', { transportId: transport.id, dtlsParameters })
        .then(done, (error: Error) => {
          this.#isInDoubt = isConnectionLost(error);
          failed(error);
        });
    });
    transport.on('connectionstatechange', (state) => this.#handleState(state));
  }

  get events(): Listenable<MediaTransportEvents> {
    return this.#emitter;
  }

  /** Whether the server may have connected it without our knowing: it connects each transport once. */
  get isInDoubt(): boolean {
    return this.#isInDoubt;
  }

  /** On another socket: the network has probably changed, so a broken path is mended at once. */
  resync(): void {
    this.#restarts = 0;
    const { connectionState } = this.transport;
    if (connectionState === 'disconnected' || connectionState === 'failed') this.#restartIn(0);
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
    // Without a socket nothing can be asked: `resync` begins again on the next one.
    if (this.transport.closed || !this.#line.isOpen) return;
    if (this.#restarts >= MAX_RESTARTS) {
      this.#emitter.emit('failed', undefined);
      return;
    }
    this.#restarts += 1;
    // Asked again after a while, unless `connected` comes first.
    this.#restartIn(RESTART_PATIENCE_MS);
    this.#line
      .request('restart-ice', { transportId: this.transport.id })
      .then((restarted) => this.transport.restartIce(restarted))
      .catch(() => {
        // After a lost socket `resync` asks again; anything else is tried again by the timer.
      });
  }
}
