/**
 * The endpoint of one who publishes by an offer and has no line on which we could say anything later. It lives as long as its
 * connection: when the client or the worker is gone, it closes.
 */
import { Emitter, type Listenable, SerialQueue } from '../../../lib/index.ts';
import type { RtpCapabilities, TrackSource } from '../../../protocol/index.ts';
import type { Home } from '../../room/home.ts';
import type { Publication } from '../../room/publication.ts';
import { readFragment, writeFragment } from '../../sdp/index.ts';
import { ByteTally } from '../byte-tally.ts';
import { ClaimedHome } from '../claimed-home.ts';
import { ConnectionWatch, WATCH_TIMES, type WatchTimes } from '../connection-watch.ts';
import type { EndpointEvents } from '../endpoint.ts';
import { type EndpointStats, toDirection } from '../flow-stats.ts';
import { PublishedTracks } from '../published-tracks.ts';
import type { RestartableEndpoint } from '../restartable.ts';
import { closedError, lostError } from '../sdp/errors.ts';
import { type PublishAnswer, PublishConnection, type PublishOffer } from '../sdp/publish-connection.ts';
import type { EndpointTotals } from '../totals.ts';
import { ClientTransport } from '../transport.ts';

export interface IngestEndpointOptions {
  readonly userId: string;
  /** What the room routes. */
  readonly capabilities: RtpCapabilities;
  readonly mayPublish: (source: TrackSource) => boolean;
  /** Rejects with `unavailable`. */
  readonly claimHome: () => Promise<Home>;
  /** When its client is taken for gone. Default: within 45 s. */
  readonly times?: WatchTimes | undefined;
}

export class IngestEndpoint implements RestartableEndpoint {
  readonly #options: IngestEndpointOptions;
  readonly #emitter = new Emitter<EndpointEvents>();
  readonly #tracks: PublishedTracks;
  readonly #publish: PublishConnection;
  /** One description at a time. */
  readonly #queue = new SerialQueue();
  readonly #home: ClaimedHome;
  #watched: { readonly transport: ClientTransport; readonly watch: ConnectionWatch } | undefined;
  #heardBefore: number | undefined;
  #firstMid = '0';
  #generation = 1;
  #isClosed = false;
  readonly #bytes = new ByteTally();

  constructor(options: IngestEndpointOptions) {
    this.#options = options;
    // Nobody can tell it to begin again: with its worker it ends.
    this.#home = new ClaimedHome({ claim: options.claimHome, onLost: () => this.close() });
    this.#tracks = new PublishedTracks({
      onAdded: (publication) => this.#emitter.emit('publicationAdded', publication),
    });
    this.#publish = new PublishConnection({
      userId: options.userId,
      capabilities: options.capabilities,
      tracks: this.#tracks,
      mayPublish: options.mayPublish,
      home: () => this.#home.claim(),
      generation: () => this.#generation,
      beginGeneration: () => {
        this.#generation += 1;
      },
      open: (home) => ClientTransport.create(home, { hasData: false, needsConsent: false }),
      retire: (transport) => this.#bytes.retire(transport),
    });
  }

  get events(): Listenable<EndpointEvents> {
    return this.#emitter;
  }

  get publications(): ReadonlyMap<string, Publication> {
    return this.#tracks.all;
  }

  get channels(): RestartableEndpoint['channels'] {
    return new Map();
  }

  get generation(): number {
    return this.#generation;
  }

  get remoteUfrag(): string | undefined {
    return this.#publish.remoteUfrag;
  }

  /** The first offer, or one that goes on with it. Rejects as `PublishConnection.offer` does. */
  offer(offer: PublishOffer): Promise<PublishAnswer> {
    return this.#change(async () => {
      const answer = await this.#publish.offer(offer);
      this.#watch();
      this.#firstMid = Object.keys(answer.tracks)[0] ?? this.#firstMid;
      return answer;
    });
  }

  /**
   * When anything last came from its client, by `performance.now()`, as far as is known; undefined while it has never been connected.
   * After `close()`, until then.
   */
  get heardAt(): number | undefined {
    return this.#watched?.watch.heardAt ?? this.#heardBefore;
  }

  /** Looks whether anything came since. Never rejects. */
  async listen(): Promise<void> {
    await this.#watched?.watch.listen();
  }

  takeFragment(fragment: string): Promise<string | undefined> {
    return this.#change(async () => {
      const { iceUfrag } = readFragment(fragment);
      const { transport } = this.#publish;
      if (!transport) throw lostError();
      if (iceUfrag === undefined || iceUfrag === this.remoteUfrag) return undefined;
      await transport.restartIce();
      return writeFragment(transport.parameters, this.#firstMid);
    });
  }

  async stats(): Promise<EndpointStats> {
    return { up: toDirection(await this.#tracks.stats()), down: toDirection([]) };
  }

  async totals(): Promise<EndpointTotals> {
    return {
      bytes: await this.#bytes.total(this.#publish.transport),
      averageScore: this.#tracks.averageScore,
    };
  }

  /** It receives nothing anyway. */
  restrictReceiving(): void {}

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#home.leave();
    this.#watched?.watch.close();
    this.#publish.close();
    this.#tracks.close();
    this.#emitter.emit('closed', undefined);
    this.#emitter.removeAll();
  }

  #watch(): void {
    const { transport } = this.#publish;
    if (!transport || transport === this.#watched?.transport) return;
    this.#heardBefore = this.heardAt;
    this.#watched?.watch.close();
    const { times = WATCH_TIMES } = this.#options;
    const watch = new ConnectionWatch(transport, times, () => this.close());
    this.#watched = { transport, watch };
  }

  #change<T>(task: () => Promise<T>): Promise<T> {
    return this.#queue.run(async () => {
      if (this.#isClosed) throw closedError();
      const [outcome] = await Promise.allSettled([task()]);
      // Whatever came of it: nobody is there any more.
      if (this.#isClosed) throw this.#home.isLost ? lostError() : closedError();
      if (outcome.status === 'rejected') throw outcome.reason;
      return outcome.value;
    });
  }
}
