/** One WebRTC transport of a client. */
import type {
  Consumer,
  ConsumerOptions,
  DataConsumer,
  DataConsumerOptions,
  DataProducer,
  DataProducerOptions,
  Producer,
  ProducerOptions,
  WebRtcTransport,
} from 'mediasoup/types';
import { AppError } from '../../lib/index.ts';
import type { DtlsParameters, IceParameters, TransportCreated } from '../../protocol/index.ts';
import { askMediasoup } from '../refusal.ts';
import type { Home } from '../room/home.ts';
import { type ByteCount, NO_BYTES } from './totals.ts';

/** Where the bandwidth estimation starts, in bits per second: low starts make the first seconds blurred. */
const INITIAL_OUTGOING_BITRATE = 1_000_000;
/** A peer that answers no ICE check for this long is gone. */
const ICE_CONSENT_TIMEOUT_SECONDS = 30;
/** Keyframe requests of many viewers become one in this time. */
const KEYFRAME_REQUEST_DELAY_MS = 500;

/** A worker that hangs answers nothing, and mediasoup waits for ever; nobody else shall wait with it. */
const STATS_TIMEOUT_MS = 2_000;

export interface ClientTransportOptions {
  /** Whether data channels go over it. */
  readonly hasData: boolean;
  /** False: it is not given up when it sends no ICE checks of consent, which GStreamer does not; somebody else watches it then. */
  readonly needsConsent?: boolean;
}

/** How far the connection with the client is; `over` when the client has ended it, or it failed. */
export type PeerState = 'connecting' | 'connected' | 'over';

export class ClientTransport {
  /** What its client needs to connect to it, as long as it is not connected yet. */
  readonly initialParameters: Omit<TransportCreated, 'generation'>;
  readonly #transport: WebRtcTransport;
  #isConnected = false;
  #finalBytes: Promise<ByteCount> | undefined;

  static async create(
    { router, webRtcServer, worker }: Home,
    { hasData, needsConsent = true }: ClientTransportOptions,
  ): Promise<ClientTransport> {
    const creation = router.createWebRtcTransport({
      webRtcServer,
      enableUdp: true,
      enableTcp: true,
      preferUdp: true,
      initialAvailableOutgoingBitrate: INITIAL_OUTGOING_BITRATE,
      iceConsentTimeout: needsConsent ? ICE_CONSENT_TIMEOUT_SECONDS : 0,
      enableSctp: hasData,
    });
    const transport = await askMediasoup('The transport cannot be made', creation);
    const { id, iceParameters } = transport;
    return new ClientTransport(transport, {
      transportId: id,
      iceParameters,
      ...worker.reachOf(transport),
      ...(hasData && transport.sctpParameters && { sctpParameters: transport.sctpParameters }),
    });
  }

  private constructor(transport: WebRtcTransport, initialParameters: Omit<TransportCreated, 'generation'>) {
    this.#transport = transport;
    this.initialParameters = initialParameters;
  }

  get id(): string {
    return this.#transport.id;
  }

  /** As it is now: other ICE credentials after a restart, the DTLS role once it is connected. */
  get parameters(): Omit<TransportCreated, 'generation'> {
    const { id, iceParameters, iceCandidates, dtlsParameters, sctpParameters } = this.#transport;
    return {
      transportId: id,
      iceParameters,
      iceCandidates,
      dtlsParameters,
      ...(sctpParameters && { sctpParameters }),
    };
  }

  get peerState(): PeerState {
    const { dtlsState } = this.#transport;
    if (dtlsState === 'closed' || dtlsState === 'failed') return 'over';
    return dtlsState === 'connected' ? 'connected' : 'connecting';
  }

  /** Calls back whenever `peerState` may be another one, until the transport closes. */
  onPeerChanged(listener: () => void): void {
    this.#transport.on('dtlsstatechange', listener);
  }

  /** Rejects with `invalid_state` when it was connected before. */
  async connect(dtlsParameters: DtlsParameters): Promise<void> {
    if (this.#isConnected) throw new AppError('invalid_state', 'The transport is connected already.');
    this.#isConnected = true;
    try {
      await askMediasoup('The DTLS parameters were refused', this.#transport.connect({ dtlsParameters }));
    } catch (error) {
      this.#isConnected = false;
      throw error;
    }
  }

  restartIce(): Promise<IceParameters> {
    return askMediasoup('ICE cannot be restarted', this.#transport.restartIce());
  }

  produce(options: ProducerOptions): Promise<Producer> {
    return askMediasoup(
      'The track cannot be published',
      this.#transport.produce({ ...options, keyFrameRequestDelay: KEYFRAME_REQUEST_DELAY_MS }),
    );
  }

  consume(options: ConsumerOptions): Promise<Consumer> {
    return askMediasoup('The track cannot be received', this.#transport.consume(options));
  }

  async produceData(options: DataProducerOptions): Promise<DataProducer> {
    this.#demandData();
    return await askMediasoup('The data channel cannot be opened', this.#transport.produceData(options));
  }

  async consumeData(options: DataConsumerOptions): Promise<DataConsumer> {
    this.#demandData();
    return await askMediasoup('The data channel cannot be received', this.#transport.consumeData(options));
  }

  /** Every byte so far; of a transport that has closed, until then. None when its worker died or hangs: nobody knows any more. */
  countBytes(): Promise<ByteCount> {
    return this.#finalBytes ?? this.#readBytes();
  }

  /** Twice is no error. */
  close(): void {
    // Asked first: a worker answers in order, and of a transport that is gone it knows nothing.
    this.#finalBytes ??= this.#readBytes();
    this.#transport.close();
  }

  #demandData(): void {
    if (this.#transport.sctpParameters) return;
    throw new AppError('invalid_state', 'This transport carries no data: make it with hasData.');
  }

  async #readBytes(): Promise<ByteCount> {
    const timeout = Promise.withResolvers<undefined>();
    const timer = setTimeout(() => timeout.resolve(undefined), STATS_TIMEOUT_MS);
    try {
      const stats = (await Promise.race([this.#transport.getStats(), timeout.promise]))?.[0];
      return stats ? { received: stats.bytesReceived, sent: stats.bytesSent } : NO_BYTES;
    } catch {
      return NO_BYTES;
    } finally {
      clearTimeout(timer);
    }
  }
}
