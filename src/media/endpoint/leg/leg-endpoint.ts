/**
 * The endpoint of one whose audio this process makes and takes itself, such as a phone: one track into the room, and any number of
 * tracks out of it, as RTP packets over a transport without a network. When its worker dies it goes on at another one.
 */
import { randomInt } from 'node:crypto';
import type { Consumer, DirectTransport, Producer } from 'mediasoup/types';
import {
  AppError,
  Emitter,
  type Listenable,
  newId,
  SerialQueue,
  type Unsubscribe,
} from '../../../lib/index.ts';
import { type Logger, runInBackground } from '../../../observability/index.ts';
import { askMediasoup } from '../../refusal.ts';
import type { Home } from '../../room/home.ts';
import type { Pipes, Release } from '../../room/pipes.ts';
import { Publication } from '../../room/publication.ts';
import { type RtpPacket, readRtp, writeRtp } from '../../rtp/packet.ts';
import type { Endpoint, EndpointEvents } from '../endpoint.ts';
import { type EndpointStats, toDirection } from '../flow-stats.ts';
import { PublishedTracks } from '../published-tracks.ts';
import { type ByteCount, type EndpointTotals, NO_BYTES } from '../totals.ts';
import { LEG_CODECS, type LegCodec, legParameters } from './leg-codec.ts';

export interface LegEndpointOptions {
  readonly userId: string;
  readonly codec: LegCodec;
  /** Rejects with `unavailable`. */
  readonly claimHome: () => Promise<Home>;
  readonly pipes: Pipes;
  readonly logger: Logger;
}

/** Takes the packets of a track, in the order in which they come. */
export type PacketTaker = (packet: RtpPacket) => void;

interface Listening {
  readonly publication: Publication;
  readonly take: PacketTaker;
  consumer?: Consumer;
  release?: Release;
}

interface Place {
  readonly home: Home;
  readonly transport: DirectTransport;
  readonly producer: Producer;
}

export class LegEndpoint implements Endpoint {
  readonly channels: Endpoint['channels'] = new Map();
  readonly #options: LegEndpointOptions;
  readonly #trackId = newId();
  readonly #ssrc = randomInt(1, 2 ** 32 - 1);
  readonly #emitter = new Emitter<EndpointEvents>();
  readonly #tracks = new PublishedTracks({
    onAdded: (publication) => this.#emitter.emit('publicationAdded', publication),
  });
  /** By track id. */
  readonly #listenings = new Map<string, Listening>();
  readonly #queue = new SerialQueue();
  #place: Place | undefined;
  #leaveHome: Unsubscribe = () => {};
  #sequenceNumber = randomInt(2 ** 16);
  #generation = 0;
  #bytes: ByteCount = NO_BYTES;
  #isClosed = false;

  constructor(options: LegEndpointOptions) {
    this.#options = options;
  }

  get events(): Listenable<EndpointEvents> {
    return this.#emitter;
  }

  get publications(): ReadonlyMap<string, Publication> {
    return this.#tracks.all;
  }

  get generation(): number {
    return Math.max(1, this.#generation);
  }

  /** Publishes its track. Rejects with `unavailable`, and with `invalid_state` once it is closed. */
  open(): Promise<void> {
    return this.#queue.run(() => this.#settle());
  }

  /** Into the room. `timestamp` in ticks of the codec's clock; what is sent while there is no worker is lost. */
  send(payload: Uint8Array, { timestamp, marker }: { timestamp: number; marker: boolean }): void {
    const { producer } = this.#place ?? {};
    if (!producer || producer.closed) return;
    this.#sequenceNumber += 1;
    const { payloadType } = LEG_CODECS[this.#options.codec];
    const packet = writeRtp({
      payloadType,
      sequenceNumber: this.#sequenceNumber,
      timestamp,
      ssrc: this.#ssrc,
      marker,
      payload,
    });
    this.#bytes = { ...this.#bytes, received: this.#bytes.received + packet.byteLength };
    producer.send(packet);
  }

  /** Takes a track out of the room until it closes, or `forget` is called. One that is lost meanwhile has to be listened to anew. */
  listen(publication: Publication, take: PacketTaker): void {
    if (this.#isClosed) return;
    this.forget(publication.trackId);
    const listening: Listening = { publication, take };
    this.#listenings.set(publication.trackId, listening);
    publication.events.on('closed', () => this.#drop(listening));
    this.#inBackground(() => this.#consume(listening));
  }

  /** Twice is no error. */
  forget(trackId: string): void {
    const listening = this.#listenings.get(trackId);
    if (listening) this.#drop(listening);
  }

  async stats(): Promise<EndpointStats> {
    return { up: toDirection(await this.#tracks.stats()), down: toDirection([]) };
  }

  async totals(): Promise<EndpointTotals> {
    return { bytes: this.#bytes, averageScore: this.#tracks.averageScore };
  }

  restrictReceiving({ media }: { readonly media: boolean }): void {
    if (!media) for (const listening of [...this.#listenings.values()]) this.#drop(listening);
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#leaveHome();
    for (const listening of [...this.#listenings.values()]) this.#drop(listening);
    this.#place?.transport.close();
    this.#tracks.close();
    this.#emitter.emit('closed', undefined);
    this.#emitter.removeAll();
  }

  async #settle(): Promise<void> {
    const { claimHome, codec, userId } = this.#options;
    const home = await claimHome();
    const what = 'The phone cannot be connected';
    const transport = await askMediasoup(what, home.router.createDirectTransport());
    try {
      const rtpParameters = legParameters(codec, this.#ssrc);
      const producer = await askMediasoup(what, transport.produce({ kind: 'audio', rtpParameters }));
      if (this.#isClosed || producer.closed) throw new AppError('invalid_state', 'The phone has hung up.');
      this.#generation += 1;
      this.#place = { home, transport, producer };
      this.#leaveHome = home.events.on('lost', () => this.#lose());
      this.#tracks.add(
        new Publication(producer, {
          trackId: this.#trackId,
          userId,
          source: 'microphone',
          home,
          generation: this.#generation,
          rtpParameters,
        }),
      );
    } catch (error) {
      transport.close();
      throw error;
    }
  }

  /** Whatever was consumed died with the worker; what lives on elsewhere is taken out again. */
  #lose(): void {
    this.#place = undefined;
    for (const listening of this.#listenings.values()) {
      listening.release?.();
      delete listening.release;
      delete listening.consumer;
    }
    this.#inBackground(async () => {
      await this.#settle();
      for (const listening of this.#listenings.values()) await this.#consume(listening);
    });
  }

  async #consume(listening: Listening): Promise<void> {
    const { publication, take } = listening;
    const place = this.#place;
    const isWanted = () => this.#listenings.get(publication.trackId) === listening;
    if (!place || !isWanted() || listening.consumer || publication.isLost || publication.isClosed) return;
    const { home, transport } = place;
    const { kind, producerId } = publication;
    const release = await this.#options.pipes.lease({ kind, id: producerId, home: publication.home }, home);
    try {
      const consumer = await askMediasoup(
        'The track cannot be taken out',
        transport.consume({
          producerId,
          rtpCapabilities: { codecs: home.router.rtpCapabilities.codecs ?? [], headerExtensions: [] },
        }),
      );
      if (!isWanted() || consumer.closed) {
        consumer.close();
        release();
        return;
      }
      listening.consumer = consumer;
      listening.release = release;
      consumer.on('rtp', (bytes) => {
        const packet = readRtp(bytes);
        if (!packet) return;
        this.#bytes = { ...this.#bytes, sent: this.#bytes.sent + bytes.byteLength };
        take(packet);
      });
    } catch (error) {
      release();
      throw error;
    }
  }

  #drop(listening: Listening): void {
    const { trackId } = listening.publication;
    if (this.#listenings.get(trackId) === listening) this.#listenings.delete(trackId);
    listening.consumer?.close();
    listening.release?.();
    delete listening.consumer;
    delete listening.release;
  }

  /** A track or a worker that goes meanwhile is no failure: there will be another one, or none. */
  #inBackground(task: () => Promise<void>): void {
    const done = this.#queue.run(async () => {
      if (this.#isClosed) return;
      await task().catch((error: unknown) => {
        if (!(error instanceof AppError)) throw error;
      });
    });
    runInBackground(done, 'connecting a phone', this.#options.logger);
  }
}
