/** The media of one stay in a call: made when the server let us in, kept while sockets come and go, thrown away as a whole. */
import { Device, type types } from 'mediasoup-client';
import type { EventData, Joined } from '../protocol/index.ts';
import { CallError } from './errors.ts';
import type { LocalTrack } from './local-track.ts';
import { toDeviceCapabilities, toWireCapabilities } from './media-parameters.ts';
import { MediaTransport } from './media-transport.ts';
import { Publisher } from './publisher.ts';
import type { RemoteTrack } from './remote-track.ts';
import type { SignalingConnection } from './signaling-connection.ts';
import { SignalingLine } from './signaling-line.ts';
import { Subscriber } from './subscriber.ts';

export interface MediaSessionOptions {
  readonly connection: SignalingConnection;
  readonly joined: Joined;
  readonly handlerFactory?: types.HandlerFactory;
  /** The network path of a transport could not be mended. */
  readonly onFailed: () => void;
  /** Somebody else paused a track of ours while we were away. */
  readonly onMuted: (local: LocalTrack) => void;
}

export class MediaSession {
  readonly #line: SignalingLine;
  readonly #publisher: Publisher;
  /** Absent for those who may not receive. */
  readonly #subscriber: Subscriber | undefined;
  readonly #firstGeneration: number;
  #isClosed = false;

  /** Rejects with `unsupported_browser`, or with what the server answers. */
  static async create(options: MediaSessionOptions): Promise<MediaSession> {
    const { connection, joined, onFailed, onMuted } = options;
    const line = new SignalingLine(connection);
    const device = await loadDevice(options);
    const createTransport = async (direction: 'send' | 'recv') => {
      const { iceServers } = joined;
      const created = joinedTransport(joined, direction);
      const transport = await MediaTransport.create({ direction, device, line, iceServers, created });
      transport.events.on('failed', onFailed);
      return transport;
    };
    const receiving = joined.permissions.subscribe ? await createTransport('recv') : undefined;
    const publisher = new Publisher({
      device,
      line,
      encodings: joined.encodings,
      createTransport: () => createTransport('send'),
      onMuted,
    });
    const rtpCapabilities = toWireCapabilities(device.recvRtpCapabilities);
    const subscriber = receiving && new Subscriber(line, receiving, rtpCapabilities);
    return new MediaSession({ line, publisher, subscriber, generation: joined.generation });
  }

  private constructor(parts: {
    line: SignalingLine;
    publisher: Publisher;
    subscriber: Subscriber | undefined;
    generation: number;
  }) {
    this.#line = parts.line;
    this.#publisher = parts.publisher;
    this.#subscriber = parts.subscriber;
    this.#firstGeneration = parts.generation;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Older than the server's once a worker died: then nothing of this works any more. */
  get generation(): number {
    return Math.max(this.#firstGeneration, this.#publisher.generation, this.#subscriber?.generation ?? 0);
  }

  get publisher(): Publisher {
    return this.#publisher;
  }

  async subscribe(track: RemoteTrack): Promise<void> {
    await this.#subscriber?.subscribe(track);
  }

  async renew(track: RemoteTrack): Promise<void> {
    await this.#subscriber?.renew(track);
  }

  async consumerClosed({ trackId, consumerId }: EventData<'consumer-closed'>): Promise<void> {
    await this.#subscriber?.consumerClosed(trackId, consumerId);
  }

  unsubscribe(trackId: string): void {
    this.#subscriber?.unsubscribe(trackId);
  }

  align(trackId: string): void {
    this.#subscriber?.align(trackId);
  }

  /** Whether what the server still has of us is what we have; if not, only new media helps. */
  canResume({ consumers, generation }: Joined): boolean {
    if (this.#isClosed || generation !== this.generation) return false;
    return this.#publisher.canResume && (this.#subscriber?.canResume(consumers) ?? true);
  }

  /** Goes on over another socket. Rejects with what the server answers, or when that socket is lost too. */
  async resync(connection: SignalingConnection, { consumers, tracks }: Joined): Promise<void> {
    this.#line.use(connection);
    this.#subscriber?.resync(consumers);
    await this.#publisher.resync(tracks);
  }

  /** Twice is no error. */
  close(): void {
    this.#isClosed = true;
    this.#publisher.close();
    this.#subscriber?.close();
  }
}

/** Undefined when it was not made on the way in, or went with its worker since. */
function joinedTransport({ transports, generation }: Joined, direction: 'send' | 'recv') {
  const created = transports?.[direction];
  return created?.generation === generation ? created : undefined;
}

async function loadDevice({ joined, handlerFactory }: MediaSessionOptions): Promise<types.Device> {
  try {
    const device = new Device(handlerFactory ? { handlerFactory } : {});
    await device.load({ routerRtpCapabilities: toDeviceCapabilities(joined.routerRtpCapabilities) });
    return device;
  } catch (error) {
    throw new CallError('unsupported_browser', 'This browser cannot take part in calls.', error);
  }
}
