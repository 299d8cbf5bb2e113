/** What one client receives: a consumer for each track that it asked for, and what the client is told about them. */
import type { Consumer, RtpCapabilities as RouterCapabilities } from 'mediasoup/types';
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
import type { Home } from '../room/home.ts';
import type { Pipes, Release } from '../room/pipes.ts';
import type { Publication } from '../room/publication.ts';
import { type TrackFlow, toFlow } from './flow-stats.ts';
import type { ClientTransport } from './transport.ts';

interface Subscription {
  readonly consumer: Consumer;
  readonly publication: Publication;
  /** Gives back what brings the track to our router. */
  readonly release: Release;
}

/** The way to the client, which changes as a whole when its transport is rebuilt. */
export interface Way {
  readonly transport: ClientTransport;
  readonly home: Home;
  readonly generation: number;
  /** What its device can receive; without, it cannot subscribe before it has said that. */
  readonly rtpCapabilities: RtpCapabilities | undefined;
}

export class Subscriptions {
  readonly #pipes: Pipes;
  readonly #tell: (event: CallEvent) => void;
  /** By consumer id. */
  readonly #subscriptions = new Map<string, Subscription>();
  #way: Way | undefined;
  #rtpCapabilities: RouterCapabilities | undefined;
  #isClosed = false;

  constructor(pipes: Pipes, tell: (event: CallEvent) => void) {
    this.#pipes = pipes;
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

  /** What follows goes this way. */
  use(way: Way): void {
    this.#way = way;
    this.#rtpCapabilities = way.rtpCapabilities && toRouterCapabilities(way.rtpCapabilities);
  }

  /** What the device at the end of the present way can receive, for all that is subscribed to from now on. */
  learn(rtpCapabilities: RtpCapabilities): void {
    this.#rtpCapabilities = toRouterCapabilities(rtpCapabilities);
  }

  /** The worker died under the way to the client, who is told that everything is gone, not each track. */
  lose(): void {
    this.#way = undefined;
    for (const [consumerId, { publication, release }] of this.#subscriptions) {
      publication.demand.release(consumerId);
      release();
    }
    this.#subscriptions.clear();
  }

  /**
   * The consumer is born paused: nothing flows before its receiver is there, so no first keyframe is lost. `mid`: of the section
   * that it goes out on, where there are sections.
   */
  async add(publication: Publication, { mid }: { readonly mid?: string } = {}): Promise<ConsumerCreated> {
    const { trackId, producerId, userId } = publication;
    const way = this.#way;
    if (!way || !this.#rtpCapabilities) {
      throw new AppError(
        'invalid_state',
        'Create a receive transport before consuming, and say with it, or with the first "consume", your rtpCapabilities.',
      );
    }
    if ([...this.#subscriptions.values()].some(({ publication: known }) => known.trackId === trackId)) {
      throw new AppError('invalid_state', 'The track is being consumed already.');
    }
    if (publication.isClosed) throw trackIsGone();
    if (publication.isLost) throw trackIsLost();
    const release = await this.#pipes.lease(
      { kind: publication.kind, id: producerId, home: publication.home },
      way.home,
    );
    const consumer = await this.#consume(way, { producerId, ...(mid !== undefined && { mid }) }).catch(
      (error: unknown) => {
        release();
        throw error;
      },
    );
    if (this.#isClosed || consumer.closed) {
      consumer.close();
      release();
      throw publication.isLost ? trackIsLost() : trackIsGone();
    }
    this.#adopt({ consumer, publication, release }, way.home);
    return {
      consumerId: consumer.id,
      producerId,
      trackId,
      userId,
      kind: consumer.kind,
      type: consumer.type,
      rtpParameters: consumer.rtpParameters as RtpParameters,
      isProducerPaused: consumer.producerPaused,
      generation: way.generation,
    };
  }

  async #consume({ home, transport }: Way, what: { producerId: string; mid?: string }): Promise<Consumer> {
    const rtpCapabilities = this.#rtpCapabilities as RouterCapabilities;
    if (!home.router.canConsume({ producerId: what.producerId, rtpCapabilities })) {
      throw new AppError('unsupported_codec', 'This device cannot receive the codec of the track.');
    }
    return await transport.consume({ ...what, rtpCapabilities, paused: true });
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

  /** Ends one subscription, and tells the client. Twice is no error. */
  remove(consumerId: string): void {
    const subscription = this.#subscriptions.get(consumerId);
    if (!subscription) return;
    subscription.consumer.close();
    this.#forget(consumerId, subscription.publication);
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
    for (const { consumer, publication, release } of this.#subscriptions.values()) {
      publication.demand.release(consumer.id);
      consumer.close();
      release();
    }
    this.#subscriptions.clear();
  }

  #find(consumerId: string): Subscription {
    const subscription = this.#subscriptions.get(consumerId);
    if (!subscription) throw new AppError('not_found', 'There is no such consumer.');
    return subscription;
  }

  #forget(consumerId: string, { trackId, demand }: Publication): void {
    const subscription = this.#subscriptions.get(consumerId);
    if (!subscription) return;
    this.#subscriptions.delete(consumerId);
    demand.release(consumerId);
    subscription.release();
    this.#tell({ type: 'consumer-closed', data: { consumerId, trackId } });
  }

  #adopt(subscription: Subscription, home: Home): void {
    const { consumer, publication } = subscription;
    const named = { consumerId: consumer.id, trackId: publication.trackId };
    this.#subscriptions.set(consumer.id, subscription);
    consumer.on('producerclose', () => this.#forget(consumer.id, publication));
    consumer.on('transportclose', () => {
      // Of a dead worker `lose` takes care, all at once.
      if (!home.isLost) this.#forget(consumer.id, publication);
    });
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

function trackIsLost(): AppError {
  return new AppError(
    'unavailable',
    'The track is being published again; "producer-added" will tell when it is there.',
    'server',
    { retryAfterSeconds: 1 },
  );
}

function trackIsGone(): AppError {
  return new AppError('not_found', 'The track is gone.');
}
