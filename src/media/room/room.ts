/** Where the media of one call meets: routers on one worker or several, who speaks on them, and the endpoints that use them. */
import { Emitter, type Listenable } from '../../lib/index.ts';
import { type Logger, runInBackground } from '../../observability/index.ts';
import type { RtpCapabilities, TrackSource } from '../../protocol/index.ts';
import type { WatchTimes } from '../endpoint/connection-watch.ts';
import type { Endpoint } from '../endpoint/endpoint.ts';
import { IngestEndpoint } from '../endpoint/ingest/ingest-endpoint.ts';
import type { LegCodec } from '../endpoint/leg/leg-codec.ts';
import { LegEndpoint } from '../endpoint/leg/leg-endpoint.ts';
import { LineEndpoint } from '../endpoint/line/line-endpoint.ts';
import { NativeEndpoint } from '../endpoint/native.ts';
import { RelayEndpoint } from '../endpoint/relay.ts';
import { SdpEndpoint } from '../endpoint/sdp/sdp-endpoint.ts';
import { ViewerEndpoint } from '../endpoint/viewer/viewer-endpoint.ts';
import { FeedEndpoint } from '../rtp/feed.ts';
import { MergedSpeakers } from './merged-speakers.ts';
import { Pipes } from './pipes.ts';
import { RouterSet, type RouterSetOptions, type WorkerSource } from './router-set.ts';
import type { SpeakersEvents } from './speakers.ts';

interface RoomEvents extends Record<string, unknown> {
  activeSpeakerChanged: string | null;
  /** Whose voices were heard just now; several at a time. */
  voicesHeard: SpeakersEvents['heard'];
}

export class Room {
  /** What clients are told that the room can forward; the same on every router. */
  readonly rtpCapabilities: RtpCapabilities;
  readonly #emitter = new Emitter<RoomEvents>();
  readonly #endpoints = new Set<Endpoint>();
  readonly #routers: RouterSet;
  readonly #speakers = new MergedSpeakers();
  readonly #pipes = new Pipes();
  readonly #logger: Logger;

  /** Rejects with `unavailable` when no worker lives, after waiting for one. */
  static async create(source: WorkerSource, options: RouterSetOptions, logger: Logger): Promise<Room> {
    const routers = new RouterSet(source, options);
    const home = await routers.claim();
    const room = new Room(routers, home.worker.offeredCapabilities(home.router), logger);
    room.#speakers.add(home.speakers);
    return room;
  }

  private constructor(routers: RouterSet, rtpCapabilities: RtpCapabilities, logger: Logger) {
    this.#routers = routers;
    this.rtpCapabilities = rtpCapabilities;
    this.#logger = logger;
    this.#speakers.events.on('changed', (userId) => this.#emitter.emit('activeSpeakerChanged', userId));
    this.#speakers.events.on('heard', (voices) => this.#emitter.emit('voicesHeard', voices));
    routers.events.on('opened', ({ speakers }) => this.#speakers.add(speakers));
    routers.events.on('lost', ({ speakers }) => this.#speakers.remove(speakers));
  }

  get events(): Listenable<RoomEvents> {
    return this.#emitter;
  }

  get activeSpeaker(): string | null {
    return this.#speakers.current;
  }

  get endpointCount(): number {
    return this.#endpoints.size;
  }

  /** The workers that the room is on; none while it is between two. */
  get workerPids(): number[] {
    return this.#routers.homes.map(({ worker }) => worker.pid);
  }

  /** How many tracks and channels are being carried from one router to another. */
  get pipeCount(): number {
    return this.#pipes.size;
  }

  /** An endpoint for a client that negotiates as mediasoup-client does. It is forgotten when it closes. */
  createNativeEndpoint(userId: string): NativeEndpoint {
    const endpoint = new NativeEndpoint({
      userId,
      claimHome: () => this.#routers.claim(),
      pipes: this.#pipes,
    });
    return this.#adopt(endpoint);
  }

  /**
   * An endpoint for a client that speaks SDP. `mayPublish` is asked with each description that says that it sends. It is
   * forgotten when it closes.
   */
  createSdpEndpoint(userId: string, mayPublish: (source: TrackSource) => boolean): SdpEndpoint {
    const endpoint = new SdpEndpoint({
      userId,
      capabilities: this.rtpCapabilities,
      mayPublish,
      claimHome: () => this.#routers.claim(),
      pipes: this.#pipes,
      logger: this.#logger,
    });
    return this.#adopt(endpoint);
  }

  /**
   * An endpoint for one who publishes by an offer, and is told nothing later. It closes by itself when its worker is gone, or its
   * client, as `times` say; within 45 s when they are left out.
   */
  createIngestEndpoint(
    userId: string,
    mayPublish: (source: TrackSource) => boolean,
    times?: WatchTimes,
  ): IngestEndpoint {
    const endpoint = new IngestEndpoint({
      userId,
      times,
      capabilities: this.rtpCapabilities,
      mayPublish,
      claimHome: () => this.#routers.claim(),
    });
    return this.#adopt(endpoint);
  }

  /** An endpoint for one who watches by an offer over HTTP. It closes by itself when its client or its worker is gone. */
  createViewerEndpoint(streamId: string): ViewerEndpoint {
    const endpoint = new ViewerEndpoint(streamId, {
      capabilities: this.rtpCapabilities,
      claimHome: () => this.#routers.claim(),
      pipes: this.#pipes,
      logger: this.#logger,
    });
    return this.#adopt(endpoint);
  }

  /** An endpoint for one who phones from a browser, by an offer of ours. It closes by itself when its client or its worker is gone. */
  createLineEndpoint(userId: string): LineEndpoint {
    const endpoint = new LineEndpoint({
      userId,
      capabilities: this.rtpCapabilities,
      claimHome: () => this.#routers.claim(),
      pipes: this.#pipes,
      logger: this.#logger,
    });
    return this.#adopt(endpoint);
  }

  /** An endpoint for audio that this process makes and takes itself. It is forgotten when it closes. */
  createLegEndpoint(userId: string, codec: LegCodec): LegEndpoint {
    const endpoint = new LegEndpoint({
      userId,
      codec,
      claimHome: () => this.#routers.claim(),
      pipes: this.#pipes,
      logger: this.#logger,
    });
    return this.#adopt(endpoint);
  }

  /** An endpoint for one whose media does not come here. It is forgotten when it closes. */
  createRelayEndpoint(): RelayEndpoint {
    return this.#adopt(new RelayEndpoint());
  }

  /** An endpoint for what sends plain RTP to this machine. It is forgotten when it closes. */
  createFeedEndpoint(userId: string): FeedEndpoint {
    return this.#adopt(new FeedEndpoint({ userId, claimHome: () => this.#routers.claim() }));
  }

  /** Closes every endpoint and router. Twice is no error. */
  close(): void {
    this.#emitter.removeAll();
    for (const endpoint of [...this.#endpoints]) endpoint.close();
    this.#speakers.close();
    this.#routers.close();
  }

  #adopt<T extends Endpoint>(endpoint: T): T {
    this.#endpoints.add(endpoint);
    endpoint.events.on('publicationAdded', (publication) =>
      runInBackground(publication.home.speakers.add(publication), 'listening to a track', this.#logger),
    );
    endpoint.events.on('closed', () => this.#endpoints.delete(endpoint));
    return endpoint;
  }
}
