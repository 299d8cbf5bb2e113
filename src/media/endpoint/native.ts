/**
 * The endpoint of a client that negotiates as mediasoup-client does: one send and one receive transport, made on
 * demand. It owns both, the publications that came over the one and the subscriptions that go over the other.
 */
import { AppError, Emitter, type Listenable, newId, SerialQueue, type Unsubscribe } from '../../lib/index.ts';
import type {
  CallEvent,
  ConsumerCreated,
  DtlsParameters,
  IceParameters,
  Joined,
  JoinTransports,
  RequestData,
  RequestResponse,
  TransportCreated,
} from '../../protocol/index.ts';
import { toRouterParameters } from '../codecs.ts';
import type { DataChannel } from '../room/data-channel.ts';
import type { Home } from '../room/home.ts';
import type { Pipes } from '../room/pipes.ts';
import { Publication } from '../room/publication.ts';
import { ByteTally } from './byte-tally.ts';
import { DataChannels } from './data-channels.ts';
import type { EndpointEvents } from './endpoint.ts';
import { type EndpointStats, settledOf, toDirection } from './flow-stats.ts';
import { PublishedTracks } from './published-tracks.ts';
import type { SignalledEndpoint } from './signalled.ts';
import { Subscriptions } from './subscriptions.ts';
import type { EndpointTotals } from './totals.ts';
import { ClientTransport } from './transport.ts';

interface NativeEndpointEvents extends EndpointEvents {
  /** Something about a consumer that its client has to know. */
  told: CallEvent;
}

export interface NativeEndpointOptions {
  readonly userId: string;
  /** Gives the router on which its transports live, once it needs one. Rejects with `unavailable`. */
  readonly claimHome: () => Promise<Home>;
  /** Bring what others publish on other routers. */
  readonly pipes: Pipes;
}

export class NativeEndpoint implements SignalledEndpoint {
  readonly protocol = 'mediasoup';
  readonly #emitter = new Emitter<NativeEndpointEvents>();
  readonly #options: NativeEndpointOptions;
  readonly #tracks: PublishedTracks;
  readonly #subscriptions: Subscriptions;
  readonly #channels: DataChannels;
  /** One change of transports and tracks at a time. */
  readonly #queue = new SerialQueue();
  #home: Home | undefined;
  #leaveHome: Unsubscribe = () => {};
  #send: ClientTransport | undefined;
  #receive: ClientTransport | undefined;
  #generation = 1;
  #isClosed = false;
  readonly #bytes = new ByteTally();

  constructor(options: NativeEndpointOptions) {
    this.#options = options;
    const tell = (event: CallEvent) => this.#emitter.emit('told', event);
    this.#tracks = new PublishedTracks({
      onAdded: (publication) => this.#emitter.emit('publicationAdded', publication),
      onDemand: (trackId, spatialLayer) => tell({ type: 'publish-layers', data: { trackId, spatialLayer } }),
    });
    this.#subscriptions = new Subscriptions(options.pipes, tell);
    this.#channels = new DataChannels({
      userId: options.userId,
      pipes: options.pipes,
      onOpened: (channel) => this.#emitter.emit('channelAdded', channel),
      tell,
    });
  }

  get events(): Listenable<NativeEndpointEvents> {
    return this.#emitter;
  }

  get publications(): ReadonlyMap<string, Publication> {
    return this.#tracks.all;
  }

  get channels(): ReadonlyMap<string, DataChannel> {
    return this.#channels.own;
  }

  get generation(): number {
    return this.#generation;
  }

  /** What its client was told last of the layers that anyone shows: to be told again to one who may have missed it. */
  get missed(): CallEvent[] {
    return this.#tracks.missed;
  }

  get subscriptions(): Subscriptions {
    return this.#subscriptions;
  }

  /** Makes a transport; an earlier one of that direction closes, and with it what it carried. */
  createTransport(request: RequestData<'create-transport'>): Promise<TransportCreated> {
    return this.#change(async () => {
      if ((request.direction === 'send' ? this.#send : this.#receive) !== undefined) {
        this.#retire(request.direction);
        this.#generation += 1;
      }
      return await this.#createTransport(this.#home ?? (await this.#settle()), request);
    });
  }

  /** Makes the first transports of a client, both at once. Rejects when one of them cannot be made. */
  createFirstTransports(asked: JoinTransports): Promise<NonNullable<Joined['transports']>> {
    return this.#change(async () => {
      const home = this.#home ?? (await this.#settle());
      const making = [
        asked.send && this.#createTransport(home, { direction: 'send', ...asked.send }),
        asked.recv && this.#createTransport(home, { direction: 'recv', ...asked.recv }),
      ] as const;
      // Neither is left on its way when the next change begins.
      await Promise.allSettled(making);
      const [send, recv] = await Promise.all(making);
      return { ...(send && { send }), ...(recv && { recv }) };
    });
  }

  connectTransport(transportId: string, dtlsParameters: DtlsParameters): Promise<void> {
    return this.#change(() => this.#transport(transportId).connect(dtlsParameters));
  }

  restartIce(transportId: string): Promise<IceParameters> {
    return this.#change(() => this.#transport(transportId).restartIce());
  }

  /** Publishes a track. Rejects with `unsupported_codec` when the room cannot route it. */
  produce(request: RequestData<'produce'>): Promise<Publication> {
    return this.#change(async () => {
      const transport = this.#send;
      if (!transport || transport.id !== request.transportId) throw noSuchTransport();
      const trackId = request.trackId ?? newId();
      const earlier = this.#tracks.all.get(trackId);
      if (!earlier) this.#tracks.demandRoom(1);
      // One that its worker took with it is replaced when the new one is there: for the others it stays the same track.
      if (!earlier?.isLost) earlier?.close();
      const home = this.#home;
      const rtpParameters = toRouterParameters(request.rtpParameters);
      const producer = await transport.produce({
        kind: request.kind,
        rtpParameters,
        paused: (request.isPaused ?? false) || (earlier?.isMutedWhileLost ?? false),
      });
      if (!home || producer.closed) throw lostError();
      return this.#adopt(
        new Publication(producer, {
          trackId,
          userId: this.#options.userId,
          source: request.source,
          generation: this.#generation,
          home,
          rtpParameters,
        }),
      );
    });
  }

  /** Subscribes to somebody's publication. Rejects with `unsupported_codec` when this device cannot decode it. */
  consume(publication: Publication): Promise<ConsumerCreated> {
    return this.#change(() => this.#subscriptions.add(publication));
  }

  openChannel(request: RequestData<'produce-data'>): Promise<DataChannel> {
    return this.#change(async () => {
      const transport = this.#send;
      if (!transport || transport.id !== request.transportId) throw noSuchTransport();
      return await this.#channels.open(transport, this.#demandHome(), request);
    });
  }

  listenTo(channel: DataChannel): Promise<RequestResponse<'consume-data'>> {
    return this.#change(async () => {
      if (!this.#receive) throw noSuchTransport();
      return await this.#channels.listenTo(this.#receive, this.#demandHome(), channel);
    });
  }

  async stats(): Promise<EndpointStats> {
    const [up, down] = await Promise.all([this.#tracks.stats(), settledOf(this.#subscriptions.stats())]);
    return { up: toDirection(up), down: toDirection(down) };
  }

  async totals(): Promise<EndpointTotals> {
    const bytes = await this.#bytes.total(this.#send, this.#receive);
    return { bytes, averageScore: this.#tracks.averageScore };
  }

  restrictReceiving(allowed: { readonly media: boolean; readonly data: boolean }): void {
    if (!allowed.media) this.#subscriptions.end();
    if (!allowed.data) this.#channels.stopListening();
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#leaveHome();
    this.#retire('send');
    this.#retire('recv');
    this.#tracks.close();
    this.#subscriptions.close();
    this.#channels.close();
    this.#emitter.emit('closed', undefined);
    this.#emitter.removeAll();
  }

  async #createTransport(
    home: Home,
    { direction, rtpCapabilities, hasData = false }: RequestData<'create-transport'>,
  ): Promise<TransportCreated> {
    const transport = await ClientTransport.create(home, { hasData });
    if (this.#isClosed || home !== this.#home) {
      transport.close();
      throw this.#isClosed ? closedError() : lostError();
    }
    const generation = this.#generation;
    if (direction === 'send') this.#send = transport;
    else {
      this.#receive = transport;
      this.#subscriptions.use({ transport, home, rtpCapabilities, generation });
    }
    return { ...transport.initialParameters, generation };
  }

  async #settle(): Promise<Home> {
    const home = await this.#options.claimHome();
    if (this.#isClosed) throw closedError();
    if (home.isLost) throw lostError();
    this.#home = home;
    this.#leaveHome = home.events.on('lost', () => this.#loseHome());
    return home;
  }

  /** The worker died. The client is told at once: by the time it asks for transports there is another place for them. */
  #loseHome(): void {
    this.#home = undefined;
    this.#retire('send');
    this.#retire('recv');
    this.#subscriptions.lose();
    this.#generation += 1;
    this.#emitter.emit('told', { type: 'transports-lost', data: { generation: this.#generation } });
  }

  #demandHome(): Home {
    if (!this.#home) throw lostError();
    return this.#home;
  }

  #retire(direction: 'send' | 'recv'): void {
    const transport = direction === 'send' ? this.#send : this.#receive;
    if (!transport) return;
    if (direction === 'send') this.#send = undefined;
    else this.#receive = undefined;
    this.#bytes.retire(transport);
  }

  #adopt(publication: Publication): Publication {
    if (this.#isClosed) {
      publication.close();
      throw closedError();
    }
    this.#tracks.add(publication);
    return publication;
  }

  #transport(transportId: string): ClientTransport {
    const transport = [this.#send, this.#receive].find((candidate) => candidate?.id === transportId);
    if (!transport) throw noSuchTransport();
    return transport;
  }

  async #change<T>(task: () => Promise<T>): Promise<T> {
    return this.#queue.run(async () => {
      if (this.#isClosed) throw closedError();
      const outcome = await Promise.allSettled([task()]).then(([settled]) => settled);
      // Whatever came of it: nobody is there any more.
      if (this.#isClosed) throw closedError();
      if (outcome.status === 'rejected') throw outcome.reason;
      return outcome.value;
    });
  }
}

function noSuchTransport(): AppError {
  return new AppError('not_found', 'There is no such transport; create one first.');
}

function lostError(): AppError {
  return new AppError('unavailable', 'The media server restarts; make new transports.', 'server', {
    retryAfterSeconds: 1,
  });
}

function closedError(): AppError {
  return new AppError('invalid_state', 'The participant has left the call.');
}
