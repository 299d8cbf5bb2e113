/**
 * The endpoint of a client that speaks SDP: a connection on which it offers, to publish, and one on which the server offers, to
 * subscribe and, for who only ever answers, to publish too. It owns both, and all that is published over either.
 */
import { Emitter, type Listenable, SerialQueue } from '../../../lib/index.ts';
import type { Logger } from '../../../observability/index.ts';
import type { CallEvent, RtpCapabilities, TrackSource } from '../../../protocol/index.ts';
import type { Home } from '../../room/home.ts';
import type { Pipes } from '../../room/pipes.ts';
import type { Publication } from '../../room/publication.ts';
import { ByteTally } from '../byte-tally.ts';
import { ClaimedHome } from '../claimed-home.ts';
import type { EndpointEvents } from '../endpoint.ts';
import { type EndpointStats, settledOf, toDirection } from '../flow-stats.ts';
import { PublishedTracks } from '../published-tracks.ts';
import type { SignalledEndpoint } from '../signalled.ts';
import type { Subscriptions } from '../subscriptions.ts';
import type { EndpointTotals } from '../totals.ts';
import { ClientTransport } from '../transport.ts';
import type { ConnectionContext } from './context.ts';
import { closedError } from './errors.ts';
import { Offering } from './offering.ts';
import { type PublishAnswer, PublishConnection, type PublishOffer } from './publish-connection.ts';
import type { SectionTrack } from './section-producers.ts';
import { type ClientAnswer, SubscribeConnection } from './subscribe-connection.ts';
import { offerEvent, renegotiateEvent } from './told.ts';

export interface SdpEndpointOptions {
  readonly userId: string;
  /** What the room routes. */
  readonly capabilities: RtpCapabilities;
  /** Whether its client may publish that now. */
  readonly mayPublish: (source: TrackSource) => boolean;
  /** Gives the router on which its transports live, once it needs one. Rejects with `unavailable`. */
  readonly claimHome: () => Promise<Home>;
  /** Bring what others publish on other routers. */
  readonly pipes: Pipes;
  readonly logger: Logger;
}

interface SdpEndpointEvents extends EndpointEvents {
  /** What its client has to know: offers too. */
  told: CallEvent;
}

export class SdpEndpoint implements SignalledEndpoint {
  readonly protocol = 'sdp';
  readonly #emitter = new Emitter<SdpEndpointEvents>();
  readonly #tracks: PublishedTracks;
  readonly #publish: PublishConnection;
  readonly #subscribe: SubscribeConnection;
  /** One description at a time. */
  readonly #queue = new SerialQueue();
  readonly #home: ClaimedHome;
  readonly #offering: Offering;
  #generation = 1;
  #comeBack: 'ice-restart' | 'new-connection' | undefined;
  #isClosed = false;
  readonly #bytes = new ByteTally();

  constructor(options: SdpEndpointOptions) {
    const tell = (event: CallEvent) => this.#emitter.emit('told', event);
    this.#home = new ClaimedHome({ claim: options.claimHome, onLost: () => this.#loseHome() });
    this.#tracks = new PublishedTracks({
      onAdded: (publication) => this.#emitter.emit('publicationAdded', publication),
      onDemand: (trackId, spatialLayer) => tell({ type: 'publish-layers', data: { trackId, spatialLayer } }),
    });
    const context: ConnectionContext = {
      userId: options.userId,
      capabilities: options.capabilities,
      tracks: this.#tracks,
      mayPublish: options.mayPublish,
      home: () => this.#home.claim(),
      generation: () => this.#generation,
      beginGeneration: () => {
        this.#generation += 1;
      },
      open: (home) => ClientTransport.create(home, { hasData: false }),
      retire: (transport) => this.#bytes.retire(transport),
    };
    this.#publish = new PublishConnection(context);
    this.#subscribe = new SubscribeConnection({
      context,
      pipes: options.pipes,
      tell,
      onStale: () => this.#offering.soon(),
    });
    this.#offering = new Offering({
      next: () => this.#queue.run(() => (this.#isClosed ? undefined : this.#subscribe.nextOffer())),
      send: (offer) => tell(offerEvent(offer)),
      logger: options.logger,
    });
  }

  get events(): Listenable<SdpEndpointEvents> {
    return this.#emitter;
  }

  get publications(): ReadonlyMap<string, Publication> {
    return this.#tracks.all;
  }

  get channels(): SignalledEndpoint['channels'] {
    return new Map();
  }

  get generation(): number {
    return this.#generation;
  }

  get subscriptions(): Subscriptions {
    return this.#subscribe.subscriptions;
  }

  /** What its client was told last and may have missed: the offer that waits, and how to come back. */
  get missed(): CallEvent[] {
    const { outstanding } = this.#subscribe;
    return [
      ...this.#tracks.missed,
      ...(outstanding ? [offerEvent(outstanding)] : []),
      ...(this.#comeBack ? [renegotiateEvent(this.#comeBack)] : []),
    ];
  }

  /** The client's offer on its publishing connection. Rejects as `PublishConnection.offer` does. */
  offer(offer: PublishOffer): Promise<PublishAnswer> {
    return this.#change(async () => {
      const answer = await this.#publish.offer(offer);
      this.#comeBack = undefined;
      return answer;
    });
  }

  /** The client's answer to the server's offer. Rejects as `SubscribeConnection.answer` does. */
  answer(answer: ClientAnswer): Promise<Record<string, SectionTrack>> {
    return this.#change(async () => {
      const tracks = await this.#subscribe.answer(answer);
      this.#offering.soon();
      return tracks;
    });
  }

  /** Begins to offer, and goes on whenever there is something new. */
  startOffering({ wantsSimulcast }: { readonly wantsSimulcast: boolean }): void {
    this.#subscribe.wantsSimulcast = wantsSimulcast;
    this.#offering.begin();
  }

  /** Offers again though nothing is new. */
  renegotiate(how: 'offer' | 'ice-restart' | 'new-connection', wantsSimulcast?: boolean): Promise<void> {
    return this.#change(async () => {
      if (wantsSimulcast !== undefined) this.#subscribe.wantsSimulcast = wantsSimulcast;
      await this.#subscribe.refresh(how);
      this.#offering.soon();
    });
  }

  /** Sends it to the client from the next offer on, until it closes. */
  subscribe(publication: Publication): void {
    if (!this.#isClosed) this.#subscribe.subscribe(publication);
  }

  async stats(): Promise<EndpointStats> {
    const [up, down] = await Promise.all([this.#tracks.stats(), settledOf(this.subscriptions.stats())]);
    return { up: toDirection(up), down: toDirection(down) };
  }

  async totals(): Promise<EndpointTotals> {
    return {
      bytes: await this.#bytes.total(this.#publish.transport, this.#subscribe.transport),
      averageScore: this.#tracks.averageScore,
    };
  }

  restrictReceiving(allowed: { readonly media: boolean }): void {
    if (!allowed.media) this.#subscribe.endReceiving();
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#offering.close();
    this.#home.leave();
    this.#publish.close();
    this.#subscribe.close();
    this.#tracks.close();
    this.#emitter.emit('closed', undefined);
    this.#emitter.removeAll();
  }

  /** The worker died. The publishing client has to offer; on the other connection the server does. */
  #loseHome(): void {
    this.#generation += 1;
    const how = this.#publish.lose();
    this.#subscribe.lose();
    if (how) {
      this.#comeBack = how;
      this.#emitter.emit('told', renegotiateEvent(how));
    }
    this.#offering.soon();
  }

  async #change<T>(task: () => Promise<T>): Promise<T> {
    return this.#queue.run(async () => {
      if (this.#isClosed) throw closedError();
      const [outcome] = await Promise.allSettled([task()]);
      // Whatever came of it: nobody is there any more.
      if (this.#isClosed) throw closedError();
      if (outcome.status === 'rejected') throw outcome.reason;
      return outcome.value;
    });
  }
}
