/**
 * The endpoint of what sends plain RTP to a port of this machine: it publishes, and receives nothing. Who is behind it is
 * somebody else's business.
 */
import type { PlainTransport } from 'mediasoup/types';
import { AppError, Emitter, type Listenable, newId, type Unsubscribe } from '../../lib/index.ts';
import type { MediaKind, RtpParameters, TrackSource } from '../../protocol/index.ts';
import { toRouterParameters } from '../codecs.ts';
import type { Endpoint, EndpointEvents } from '../endpoint/endpoint.ts';
import { type EndpointStats, toDirection } from '../endpoint/flow-stats.ts';
import { type EndpointTotals, NO_BYTES } from '../endpoint/totals.ts';
import { askMediasoup } from '../refusal.ts';
import type { Home } from '../room/home.ts';
import { Publication } from '../room/publication.ts';
import { averageOf } from '../room/score-average.ts';
import { UDP_BUFFER_BYTES } from '../udp-buffer.ts';

export interface FeedTrack {
  readonly kind: MediaKind;
  readonly source: TrackSource;
  readonly rtpParameters: RtpParameters;
}

export interface FeedEndpointOptions {
  readonly userId: string;
  /** Rejects with `unavailable`. */
  readonly claimHome: () => Promise<Home>;
}

const LOOPBACK = '127.0.0.1';

export class FeedEndpoint implements Endpoint {
  readonly #options: FeedEndpointOptions;
  readonly #emitter = new Emitter<EndpointEvents>();
  readonly #publications = new Map<string, Publication>();
  readonly #transports = new Set<PlainTransport>();
  #home: Home | undefined;
  #leaveHome: Unsubscribe = () => {};
  #generation = 1;
  #isClosed = false;

  constructor(options: FeedEndpointOptions) {
    this.#options = options;
  }

  get events(): Listenable<EndpointEvents> {
    return this.#emitter;
  }

  get publications(): ReadonlyMap<string, Publication> {
    return this.#publications;
  }

  get channels(): Endpoint['channels'] {
    return new Map();
  }

  get generation(): number {
    return this.#generation;
  }

  /** Publishes a track, and gives the port on this machine to which its RTP and RTCP are to be sent, from one address. */
  async publish(track: FeedTrack): Promise<{ publication: Publication; port: number }> {
    const home = this.#home ?? (await this.#settle());
    const transport = await askMediasoup(
      'The track cannot be published',
      home.router.createPlainTransport({
        listenInfo: { protocol: 'udp', ip: LOOPBACK, recvBufferSize: UDP_BUFFER_BYTES },
        rtcpMux: true,
        // The first packet tells where it comes from.
        comedia: true,
      }),
    );
    this.#transports.add(transport);
    try {
      const { kind, source } = track;
      const rtpParameters = toRouterParameters(track.rtpParameters);
      const producer = await askMediasoup(
        'The track cannot be published',
        transport.produce({ kind, rtpParameters }),
      );
      if (this.#isClosed || producer.closed) throw new AppError('invalid_state', 'The feed has ended.');
      const { userId } = this.#options;
      const publication = new Publication(producer, {
        trackId: newId(),
        userId,
        source,
        home,
        generation: this.#generation,
        rtpParameters,
      });
      this.#publications.set(publication.trackId, publication);
      publication.events.on('closed', () => this.#publications.delete(publication.trackId));
      this.#emitter.emit('publicationAdded', publication);
      return { publication, port: transport.tuple.localPort };
    } catch (error) {
      transport.close();
      throw error;
    }
  }

  async stats(): Promise<EndpointStats> {
    const flows = await Promise.allSettled([...this.#publications.values()].map((track) => track.stats()));
    const up = flows.flatMap((flow) => (flow.status === 'fulfilled' ? [flow.value] : []));
    return { up: toDirection(up), down: toDirection([]) };
  }

  async totals(): Promise<EndpointTotals> {
    const scores = [...this.#publications.values()].map(({ scoreTime }) => scoreTime);
    return { bytes: NO_BYTES, averageScore: averageOf(scores) };
  }

  /** It receives nothing anyway. */
  restrictReceiving(): void {}

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#leaveHome();
    for (const transport of this.#transports) transport.close();
    for (const publication of [...this.#publications.values()]) publication.close();
    this.#emitter.emit('closed', undefined);
    this.#emitter.removeAll();
  }

  async #settle(): Promise<Home> {
    const home = await this.#options.claimHome();
    this.#home = home;
    // Nobody can tell it to begin again: with its worker it ends.
    this.#leaveHome = home.events.on('lost', () => this.close());
    return home;
  }
}
