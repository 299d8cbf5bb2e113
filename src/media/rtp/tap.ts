/**
 * A track out to two UDP ports of this machine: RTP to the one, the sender reports to the other. It lives on the router where
 * the track arrives, so nothing is piped for it.
 */
import type {
  Consumer,
  ConsumerTraceEventType,
  PlainTransport,
  RtpCodecCapability,
  RtpParameters,
} from 'mediasoup/types';
import { AppError, Emitter, type Listenable, UndoStack } from '../../lib/index.ts';
import { askMediasoup } from '../refusal.ts';
import type { Publication } from '../room/publication.ts';
import { LayerChoice } from './layer-choice.ts';

export interface TapTarget {
  readonly rtpPort: number;
  readonly rtcpPort: number;
}

interface TapEvents extends Record<string, unknown> {
  /** The publisher stopped the track, or let it flow again. */
  paused: undefined;
  resumed: undefined;
  /** The RTP timestamps that come out go on somewhere else: nothing can be placed by them any more. At most once. */
  jumped: undefined;
  /** The track, its worker, or whoever took it out is gone. Emitted at most once, never after `close()`. */
  ended: undefined;
  /** Nothing comes out any more, for whatever reason. Emitted exactly once. */
  closed: undefined;
}

export interface FirstPacket {
  /** Of the RTP that leaves the tap; a reader that starts with it counts from there. */
  readonly rtpTimestamp: number;
  /** When it left, by `performance.now()`, as far as the way from the worker to us lets us know. */
  readonly atMs: number;
}

const LOOPBACK = '127.0.0.1';
/** How far RTP timestamps may be from the clock on the wall: much more than a busy machine, much less than chance. */
const MAX_STEP_SECONDS = 3;

export class Tap {
  readonly #transport: PlainTransport;
  readonly #consumer: Consumer;
  readonly #publication: Publication;
  readonly #layers: LayerChoice;
  readonly #emitter = new Emitter<TapEvents>();
  readonly #firstPacket = Promise.withResolvers<FirstPacket>();
  /** The packet that was looked at last. */
  #lastPacket: FirstPacket | undefined;
  #spatialLayer: number | undefined;
  #isClosed = false;

  /**
   * Connects, and lets nothing flow yet. Rejects with `not_found` when the track ends meanwhile, `unavailable` when its worker
   * does, and `invalid_state` while the track is lost.
   */
  static async create(publication: Publication, target: TapTarget): Promise<Tap> {
    if (publication.isLost) throw new AppError('invalid_state', 'The track is being published again.');
    const { router } = publication.home;
    const what = 'The track cannot be taken out';
    const undo = new UndoStack();
    try {
      const transport = undo.add(
        await askMediasoup(
          what,
          router.createPlainTransport({
            listenInfo: { protocol: 'udp', ip: LOOPBACK },
            // Reports go to a port of ours: what reads the RTP shall place nothing by them.
            rtcpMux: false,
            comedia: false,
          }),
        ),
        (made) => made.close(),
      );
      await askMediasoup(
        what,
        transport.connect({ ip: LOOPBACK, port: target.rtpPort, rtcpPort: target.rtcpPort }),
      );
      const codecs = (router.rtpCapabilities.codecs ?? []).filter(
        ({ kind, mimeType }) => kind === publication.kind && !mimeType.endsWith('/rtx'),
      );
      const consumer = await askMediasoup(
        what,
        transport.consume({
          producerId: publication.producerId,
          // With header extensions a bandwidth estimator would start low, hear nothing, and keep simulcast on its lowest layer.
          rtpCapabilities: { codecs: codecs.map(forReader), headerExtensions: [] },
          // Only with it `nack` is taken over; without a codec for it there is no retransmission all the same.
          enableRtx: true,
          paused: true,
        }),
      );
      return new Tap(transport, consumer, publication);
    } catch (error) {
      await undo.unwind();
      throw error;
    }
  }

  private constructor(transport: PlainTransport, consumer: Consumer, publication: Publication) {
    this.#transport = transport;
    this.#consumer = consumer;
    this.#publication = publication;
    this.#layers = new LayerChoice(consumer, publication);
    this.#handleConsumer();
  }

  get events(): Listenable<TapEvents> {
    return this.#emitter;
  }

  /** Codec, payload type and ssrc of what comes out. */
  get rtpParameters(): RtpParameters {
    return this.#consumer.rtpParameters;
  }

  get isVideo(): boolean {
    return this.#consumer.kind === 'video';
  }

  get isPaused(): boolean {
    return this.#consumer.producerPaused;
  }

  /** Whether it was closed, or ended by itself. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Resolves with the first packet that comes out; never when nothing does. */
  get firstPacket(): Promise<FirstPacket> {
    return this.#firstPacket.promise;
  }

  /** When, by `performance.now()`, the worker's clock showed a wall time, in milliseconds since 1970: what its reports tell. */
  toMonotonicMs(wallMs: number): number {
    return wallMs - this.#publication.home.worker.wallAtZeroMs;
  }

  /**
   * Lets it flow, from a keyframe on and in its highest layer: to be called when both ports are listened to. Rejects with
   * `not_found` when it has ended.
   */
  async start(): Promise<void> {
    if (this.#isClosed) throw new AppError('not_found', 'The track is gone.');
    // First, so that a publisher who stopped its upper layers, for nobody shows them, starts them again meanwhile.
    this.#publication.demand.want(this.#consumer.id, undefined);
    await this.#layers.start();
    await askMediasoup('The track cannot be taken out', this.#consumer.enableTraceEvent(['rtp']));
    await askMediasoup('The track cannot be taken out', this.#consumer.resume());
  }

  async requestKeyFrame(): Promise<void> {
    await askMediasoup('No keyframe can be asked for', this.#consumer.requestKeyFrame());
  }

  /** How many packets it has sent so far. Rejects when it ends meanwhile. */
  async countSent(): Promise<number> {
    const stats = await askMediasoup('The track cannot be looked at', this.#consumer.getStats());
    return stats.reduce((sum, { type, packetCount }) => sum + (type === 'outbound-rtp' ? packetCount : 0), 0);
  }

  /** To be called again and again while nothing comes out, although the track is not paused: a lower layer may flow. */
  lookForLayers(): Promise<void> {
    return this.#layers.look();
  }

  /** To be called when something comes out again. */
  forgetLayers(): void {
    this.#layers.forget();
  }

  /** Twice is no error. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#layers.close();
    this.#publication.demand.release(this.#consumer.id);
    this.#transport.close();
    this.#emitter.emit('closed', undefined);
    this.#emitter.removeAll();
  }

  /** As if the track had gone: says `ended`, then closes. Twice is no error. */
  end(): void {
    if (this.#isClosed) return;
    this.#emitter.emit('ended', undefined);
    this.close();
  }

  #handleConsumer(): void {
    this.#consumer.on('trace', ({ info }) => {
      const rtpTimestamp = rtpTimestampOf(info);
      if (rtpTimestamp === undefined) return;
      // One is enough; each would cost a message.
      this.#traceInBackground([]);
      this.#notePacket({ rtpTimestamp, atMs: performance.now() });
    });
    this.#consumer.on('layerschange', (layers) => {
      if (layers === undefined || layers.spatialLayer === this.#spatialLayer) return;
      this.#spatialLayer = layers.spatialLayer;
      // Before both layers have reported, the worker cannot put one on the clock of the other, and lets it keep its own.
      if (this.#lastPacket) this.#traceInBackground(['rtp']);
    });
    this.#consumer.on('producerpause', () => this.#emitter.emit('paused', undefined));
    this.#consumer.on('producerresume', () => this.#emitter.emit('resumed', undefined));
    this.#consumer.on('producerclose', () => this.end());
    this.#consumer.on('transportclose', () => this.end());
  }

  #notePacket(packet: FirstPacket): void {
    const last = this.#lastPacket;
    this.#lastPacket = packet;
    if (!last) this.#firstPacket.resolve(packet);
    else if (Math.abs(this.#stepSeconds(last, packet)) > MAX_STEP_SECONDS)
      this.#emitter.emit('jumped', undefined);
  }

  /** How much farther the RTP time went than the wall. */
  #stepSeconds(from: FirstPacket, to: FirstPacket): number {
    const clockRate = this.rtpParameters.codecs[0]?.clockRate ?? Number.NaN;
    // As a signed difference: RTP time wraps at 32 bits (RFC 3550, section 5.1).
    return ((to.rtpTimestamp - from.rtpTimestamp) | 0) / clockRate - (to.atMs - from.atMs) / 1_000;
  }

  #traceInBackground(types: ConsumerTraceEventType[]): void {
    this.#consumer.enableTraceEvent(types).catch(() => {
      // It ended meanwhile.
    });
  }
}

/** mediasoup hands over what its worker dumps of a packet, and gives it no type. */
function rtpTimestampOf({ rtpPacket }: Record<string, unknown>): number | undefined {
  if (typeof rtpPacket !== 'object' || rtpPacket === null || !('timestamp' in rtpPacket)) return undefined;
  return typeof rtpPacket.timestamp === 'number' ? rtpPacket.timestamp : undefined;
}

/**
 * What a reader that answers nothing can do with: whole pictures on request, no retransmission. It never asks for a packet again,
 * but with `nack` the worker remembers what it sent, and sends nothing twice: over a network that reorders, a packet and its
 * repetition both arrive, and ffmpeg takes the second one for another picture.
 */
function forReader(codec: RtpCodecCapability): RtpCodecCapability {
  const feedback =
    codec.kind === 'video'
      ? [{ type: 'nack' }, { type: 'nack', parameter: 'pli' }, { type: 'ccm', parameter: 'fir' }]
      : [];
  return { ...codec, rtcpFeedback: feedback };
}
