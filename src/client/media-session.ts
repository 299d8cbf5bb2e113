/** The media of one join: made when the server let us in, thrown away as a whole when the connection ends. */
import { Device, type types } from 'mediasoup-client';
import type { Joined } from '../protocol/index.ts';
import { CallError } from './errors.ts';
import type { LocalTrack } from './local-track.ts';
import { toDeviceCapabilities } from './media-parameters.ts';
import { MediaTransport } from './media-transport.ts';
import { Publisher } from './publisher.ts';
import type { RemoteTrack } from './remote-track.ts';
import type { SignalingConnection } from './signaling-connection.ts';
import { Subscriber } from './subscriber.ts';

export interface MediaSessionOptions {
  readonly connection: SignalingConnection;
  readonly joined: Joined;
  readonly handlerFactory?: types.HandlerFactory;
  /** The network path of a transport could not be mended. */
  readonly onFailed: () => void;
}

export class MediaSession {
  readonly #publisher: Publisher;
  /** Absent for those who may not receive. */
  readonly #subscriber: Subscriber | undefined;

  /** Rejects with `unsupported_browser`, or with what the server answers. */
  static async create(options: MediaSessionOptions): Promise<MediaSession> {
    const { connection, joined, onFailed } = options;
    const device = await loadDevice(options);
    const createTransport = async (direction: 'send' | 'recv') => {
      const { iceServers } = joined;
      const transport = await MediaTransport.create({ direction, device, connection, iceServers });
      transport.events.on('failed', onFailed);
      return transport;
    };
    const receiving = joined.permissions.subscribe ? await createTransport('recv') : undefined;
    return new MediaSession(
      new Publisher({
        device,
        connection,
        encodings: joined.encodings,
        createTransport: () => createTransport('send'),
      }),
      receiving && new Subscriber(connection, receiving),
    );
  }

  private constructor(publisher: Publisher, subscriber: Subscriber | undefined) {
    this.#publisher = publisher;
    this.#subscriber = subscriber;
  }

  get publisher(): Publisher {
    return this.#publisher;
  }

  publish(local: LocalTrack): Promise<void> {
    return this.#publisher.publish(local);
  }

  async subscribe(track: RemoteTrack): Promise<void> {
    await this.#subscriber?.subscribe(track);
  }

  unsubscribe(trackId: string): void {
    this.#subscriber?.unsubscribe(trackId);
  }

  align(trackId: string): void {
    this.#subscriber?.align(trackId);
  }

  /** Twice is no error. */
  close(): void {
    this.#publisher.close();
    this.#subscriber?.close();
  }
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
