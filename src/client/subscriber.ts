/** The receiving half of one joined session: the receive transport and a subscription for each remote track. */
import { CallError } from './errors.ts';
import { toDeviceParameters } from './media-parameters.ts';
import type { MediaTransport } from './media-transport.ts';
import type { RemoteTrack } from './remote-track.ts';
import type { SignalingConnection } from './signaling-connection.ts';
import { Subscription } from './subscription.ts';

export class Subscriber {
  readonly #connection: SignalingConnection;
  readonly #transport: MediaTransport;
  /** By track id; null while the server is being asked. */
  readonly #subscriptions = new Map<string, Subscription | null>();
  #isClosed = false;

  constructor(connection: SignalingConnection, transport: MediaTransport) {
    this.#connection = connection;
    this.#transport = transport;
  }

  /** Rejects when the track cannot be received; that it is gone meanwhile is no failure. */
  async subscribe(track: RemoteTrack): Promise<void> {
    const { trackId } = track;
    if (this.#isClosed || this.#subscriptions.has(trackId)) return;
    this.#subscriptions.set(trackId, null);
    try {
      const subscription = await this.#consume(track);
      // Unsubscribed, or closed, while the server was being asked.
      if (this.#subscriptions.has(trackId) && !this.#isClosed) this.#subscriptions.set(trackId, subscription);
      else subscription.close();
    } catch (error) {
      this.#subscriptions.delete(trackId);
      const isGone = this.#isClosed || (error instanceof CallError && error.code === 'not_found');
      if (!isGone) throw error;
    }
  }

  unsubscribe(trackId: string): void {
    const subscription = this.#subscriptions.get(trackId);
    this.#subscriptions.delete(trackId);
    subscription?.close();
  }

  /** The demand for a track changed. */
  align(trackId: string): void {
    this.#subscriptions.get(trackId)?.align();
  }

  /** Twice is no error. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    for (const subscription of this.#subscriptions.values()) subscription?.close();
    this.#subscriptions.clear();
    this.#transport.close();
  }

  async #consume(track: RemoteTrack): Promise<Subscription> {
    const created = await this.#connection.request('consume', { trackId: track.trackId });
    const consumer = await this.#transport.transport.consume({
      id: created.consumerId,
      producerId: created.producerId,
      kind: created.kind,
      rtpParameters: toDeviceParameters(created.rtpParameters),
      streamId: streamIdOf(track),
    });
    return new Subscription(track, consumer, { connection: this.#connection, type: created.type });
  }
}

/** Tracks of one stream are played in sync: a camera with its microphone, a screen with its sound. */
function streamIdOf({ userId, source }: RemoteTrack): string {
  const group = source === 'microphone' || source === 'camera' ? 'person' : 'screen';
  // RFC 8830 allows the characters of a token only, and "@" is none.
  return `${group}-${encodeURIComponent(userId)}`;
}
