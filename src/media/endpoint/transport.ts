/** One WebRTC transport of a client. */
import type {
  Consumer,
  ConsumerOptions,
  Producer,
  ProducerOptions,
  Router,
  WebRtcServer,
  WebRtcTransport,
} from 'mediasoup/types';
import { AppError } from '../../lib/index.ts';
import type { DtlsParameters, IceParameters, TransportCreated } from '../../protocol/index.ts';
import { askMediasoup } from '../refusal.ts';

/** Where the bandwidth estimation starts, in bits per second: low starts make the first seconds blurred. */
const INITIAL_OUTGOING_BITRATE = 1_000_000;
/** A peer that answers no ICE check for this long is gone. */
const ICE_CONSENT_TIMEOUT_SECONDS = 30;
/** Keyframe requests of many viewers become one in this time. */
const KEYFRAME_REQUEST_DELAY_MS = 1_000;

export class ClientTransport {
  readonly #transport: WebRtcTransport;
  #isConnected = false;

  static async create(router: Router, webRtcServer: WebRtcServer): Promise<ClientTransport> {
    const creation = router.createWebRtcTransport({
      webRtcServer,
      enableUdp: true,
      enableTcp: true,
      preferUdp: true,
      initialAvailableOutgoingBitrate: INITIAL_OUTGOING_BITRATE,
      iceConsentTimeout: ICE_CONSENT_TIMEOUT_SECONDS,
    });
    return new ClientTransport(await askMediasoup('The transport cannot be made', creation));
  }

  private constructor(transport: WebRtcTransport) {
    this.#transport = transport;
  }

  get id(): string {
    return this.#transport.id;
  }

  get parameters(): Omit<TransportCreated, 'generation'> {
    const { id, iceParameters, iceCandidates, dtlsParameters } = this.#transport;
    return { transportId: id, iceParameters, iceCandidates, dtlsParameters };
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

  /** Twice is no error. */
  close(): void {
    this.#transport.close();
  }
}
