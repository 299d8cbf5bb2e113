/** What one client receives: a consumer for each track that it asked for, and what the client is told about them. */
import type { Consumer, Router, RtpCapabilities as RouterCapabilities } from 'mediasoup/types';
import { AppError } from '../../lib/index.ts';
import type {
  CallEvent,
  ConsumerCreated,
  Layers,
  RtpCapabilities,
  RtpParameters,
} from '../../protocol/index.ts';
import { toRouterCapabilities } from '../codecs.ts';
import { askMediasoup } from '../refusal.ts';
import type { Publication } from '../room/publication.ts';
import { type TrackFlow, toFlow } from './flow-stats.ts';
import type { ClientTransport } from './transport.ts';

interface Subscription {
  readonly consumer: Consumer;
  readonly publication: Publication;
}

export class Subscriptions {
  readonly #router: Router;
  readonly #tell: (event: CallEvent) => void;
  /** By consumer id. */
  readonly #subscriptions = new Map<string, Subscription>();
  #transport: ClientTransport | undefined;
  #rtpCapabilities: RouterCapabilities | undefined;
  #generation = 1;
  #isClosed = false;

  constructor(router: Router, tell: (event: CallEvent) => void) {
    this.#router = router;
    this.#tell = tell;
  }

  get size(): number {
    return this.#subscriptions.size;
  }

  /** Every consumer, as its client would describe it. */
  describe(): { consumerId: string; trackId: string; isPaused: boolean }[] {
    return [...this.#subscriptions.values()].map(({ consumer, publication }) => ({
      consumerId: consumer.id,
      trackId: publication.trackId,
      isPaused: consumer.paused,
    }));
  }

  /** What follows goes over this transport, for a device that can receive `rtpCapabilities`. */
  use(transport: ClientTransport, rtpCapabilities: RtpCapabilities | undefined, generation: number): void {
    this.#transport = transport;
    this.#rtpCapabilities = rtpCapabilities && toRouterCapabilities(rtpCapabilities);
    this.#generation = generation;
  }

  /** The consumer is born paused: nothing flows before its receiver is there, so no first keyframe is lost. */
  async add(publication: Publication): Promise<ConsumerCreated> {
    const { trackId, producerId, userId } = publication;
    if (!this.#transport || !this.#rtpCapabilities) {
      throw new AppError(
        'invalid_state',
        'Create a receive transport with rtpCapabilities before consuming.',
      );
    }
    if ([...this.#subscriptions.values()].some(({ publication: known }) => known.trackId === trackId)) {
      throw new AppError('invalid_state', 'The track is being consumed already.');
    }
    if (publication.isClosed) throw trackIsGone();
    if (!this.#router.canConsume({ producerId, rtpCapabilities: this.#rtpCapabilities })) {
      throw new AppError('unsupported_codec', 'This device cannot receive the codec of the track.');
    }
    const consumer = await this.#transport.consume({
      producerId,
      rtpCapabilities: this.#rtpCapabilities,
      paused: true,
    });
    if (this.#isClosed || consumer.closed) {
      consumer.close();
      throw trackIsGone();
    }
    this.#adopt({ consumer, publication });
    return {
      consumerId: consumer.id,
      producerId,
      trackId,
      userId,
      kind: consumer.kind,
      type: consumer.type,
      rtpParameters: consumer.rtpParameters as RtpParameters,
      isProducerPaused: consumer.producerPaused,
      generation: this.#generation,
    };
  }

  async pause(consumerId: string): Promise<void> {
    const { consumer, publication } = this.#find(consumerId);
    await askMediasoup('The track cannot be paused', consumer.pause());
    publication.demand.release(consumerId);
  }

  /** Asks for a keyframe by itself. */
  async resume(consumerId: string): Promise<void> {
    const { consumer, publication } = this.#find(consumerId);
    // First, so that a publisher who stopped its upper layers starts them again meanwhile.
    publication.demand.want(consumerId, consumer.preferredLayers?.spatialLayer);
    await askMediasoup('The track cannot be resumed', consumer.resume());
  }

  async setPreferredLayers(consumerId: string, layers: Layers): Promise<void> {
    const { consumer, publication } = this.#find(consumerId);
    if (consumer.type === 'simple') throw new AppError('invalid_state', 'The track has only one layer.');
    const { spatialLayer, temporalLayer } = layers;
    if (!consumer.paused) publication.demand.want(consumerId, spatialLayer);
    await askMediasoup(
      'The layers cannot be chosen',
      consumer.setPreferredLayers({
        spatialLayer,
        ...(temporalLayer === undefined ? {} : { temporalLayer }),
      }),
    );
  }

  /** What goes out now, one promise a track. One rejects when its track ends meanwhile. */
  stats(): Promise<TrackFlow>[] {
    return [...this.#subscriptions.values()].map(async ({ consumer, publication }) => {
      const stats = await consumer.getStats();
      const own = stats.filter(({ type }) => type === 'outbound-rtp');
      const clockRate = consumer.rtpParameters.codecs[0]?.clockRate ?? 1;
      return {
        trackId: publication.trackId,
        kind: consumer.kind,
        ...toFlow(own, clockRate),
        layers: consumer.currentLayers ?? null,
      };
    });
  }

  async requestKeyFrame(consumerId: string): Promise<void> {
    const { consumer } = this.#find(consumerId);
    await askMediasoup('No keyframe can be asked for', consumer.requestKeyFrame());
  }

  /** Ends every subscription there is, and tells the client; new ones may come. */
  end(): void {
    for (const { consumer, publication } of [...this.#subscriptions.values()]) {
      // Closed by us it emits nothing.
      consumer.close();
      this.#forget(consumer.id, publication);
    }
  }

  close(): void {
    this.#isClosed = true;
    for (const { consumer, publication } of this.#subscriptions.values()) {
      publication.demand.release(consumer.id);
      consumer.close();
    }
    this.#subscriptions.clear();
  }

  #find(consumerId: string): Subscription {
    const subscription = this.#subscriptions.get(consumerId);
    if (!subscription) throw new AppError('not_found', 'There is no such consumer.');
    return subscription;
  }

  #forget(consumerId: string, { trackId, demand }: Publication): void {
    if (!this.#subscriptions.delete(consumerId)) return;
    demand.release(consumerId);
    this.#tell({ type: 'consumer-closed', data: { consumerId, trackId } });
  }

  #adopt({ consumer, publication }: Subscription): void {
    const named = { consumerId: consumer.id, trackId: publication.trackId };
    this.#subscriptions.set(consumer.id, { consumer, publication });
    consumer.on('producerclose', () => this.#forget(consumer.id, publication));
    consumer.on('transportclose', () => this.#forget(consumer.id, publication));
    consumer.on('producerpause', () => this.#tell({ type: 'consumer-paused', data: named }));
    consumer.on('producerresume', () => this.#tell({ type: 'consumer-resumed', data: named }));
    consumer.on('score', ({ score, producerScore }) =>
      this.#tell({ type: 'consumer-score', data: { ...named, score, producerScore } }),
    );
    consumer.on('layerschange', (layers) =>
      this.#tell({ type: 'consumer-layers', data: { ...named, layers: layers ?? null } }),
    );
  }
}

function trackIsGone(): AppError {
  return new AppError('not_found', 'The track is gone.');
}
