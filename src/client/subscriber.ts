/** The receiving half of a media session: the receive transport and a subscription for each remote track. */
import type { Joined } from '../protocol/index.ts';
import { CallError, type CallErrorCode } from './errors.ts';
import { toDeviceParameters } from './media-parameters.ts';
import type { MediaTransport } from './media-transport.ts';
import type { RemoteTrack } from './remote-track.ts';
import type { SignalingLine } from './signaling-line.ts';
import { Subscription } from './subscription.ts';

/** The server is being asked for a consumer. */
class Asking {}

/** With these the server says that there is nothing to receive now; if that changes, it announces the track again. */
const GONE: ReadonlySet<CallErrorCode> = new Set(['not_found', 'unavailable']);

export class Subscriber {
  readonly #line: SignalingLine;
  readonly #transport: MediaTransport;
  /** By track id. */
  readonly #subscriptions = new Map<string, Subscription | Asking>();
  /** By track id: every consumer that the server told us of, those that are not set up here yet too. */
  readonly #consumerIds = new Map<string, string>();
  #isClosed = false;

  constructor(line: SignalingLine, transport: MediaTransport) {
    this.#line = line;
    this.#transport = transport;
  }

  get generation(): number {
    return this.#transport.generation;
  }

  /** Rejects when the track cannot be received; that it is gone, or about to be published anew, is no failure. */
  async subscribe(track: RemoteTrack): Promise<void> {
    const { trackId } = track;
    if (this.#isClosed || this.#subscriptions.has(trackId)) return;
    const asking = new Asking();
    this.#subscriptions.set(trackId, asking);
    const isWanted = () => this.#subscriptions.get(trackId) === asking && !this.#isClosed;
    try {
      const subscription = await this.#consume(track);
      // Unsubscribed, or closed, while the server was being asked.
      if (isWanted()) this.#subscriptions.set(trackId, subscription);
      else subscription.close();
    } catch (error) {
      if (!isWanted()) return;
      this.#subscriptions.delete(trackId);
      this.#consumerIds.delete(trackId);
      if (!(error instanceof CallError && GONE.has(error.code))) throw error;
    }
  }

  unsubscribe(trackId: string): void {
    const subscription = this.#subscriptions.get(trackId);
    this.#subscriptions.delete(trackId);
    this.#consumerIds.delete(trackId);
    if (subscription instanceof Subscription) subscription.close();
  }

  /** Whether we can go on with what the server still has: not with a consumer whose answer was lost. */
  canResume(consumers: Joined['consumers']): boolean {
    const known = new Set(this.#consumerIds.values());
    return !this.#transport.isInDoubt && consumers.every(({ consumerId }) => known.has(consumerId));
  }

  /** On another socket: drops what the server has no more, so that it is subscribed to again. */
  resync(consumers: Joined['consumers']): void {
    const present = new Map(consumers.map((consumer) => [consumer.consumerId, consumer]));
    for (const [trackId, subscription] of [...this.#subscriptions]) {
      if (!(subscription instanceof Subscription)) continue;
      const consumer = present.get(subscription.consumerId);
      if (consumer) subscription.resync(consumer.isPaused);
      else this.unsubscribe(trackId);
    }
    this.#transport.resync();
  }

  /** The demand for a track changed. */
  align(trackId: string): void {
    const subscription = this.#subscriptions.get(trackId);
    if (subscription instanceof Subscription) subscription.align();
  }

  /** Twice is no error. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    for (const subscription of this.#subscriptions.values()) {
      if (subscription instanceof Subscription) subscription.close();
    }
    this.#subscriptions.clear();
    this.#transport.close();
  }

  async #consume(track: RemoteTrack): Promise<Subscription> {
    const created = await this.#line.request('consume', { trackId: track.trackId });
    this.#consumerIds.set(track.trackId, created.consumerId);
    const consumer = await this.#transport.transport.consume({
      id: created.consumerId,
      producerId: created.producerId,
      kind: created.kind,
      rtpParameters: toDeviceParameters(created.rtpParameters),
      streamId: streamIdOf(track),
    });
    return new Subscription(track, consumer, { line: this.#line, type: created.type });
  }
}

/** Tracks of one stream are played in sync: a camera with its microphone, a screen with its sound. */
function streamIdOf({ userId, source }: RemoteTrack): string {
  const group = source === 'microphone' || source === 'camera' ? 'person' : 'screen';
  // RFC 8830 allows the characters of a token only, and "@" is none.
  return `${group}-${encodeURIComponent(userId)}`;
}
