/** The receiving half of a media session: the receive transport and a subscription for each remote track. */
import type { ConsumerCreated, Joined, RtpCapabilities } from '../protocol/index.ts';
import { CallError, type CallErrorCode } from './errors.ts';
import { toDeviceParameters } from './media-parameters.ts';
import type { MediaTransport } from './media-transport.ts';
import type { RemoteTrack } from './remote-track.ts';
import type { SignalingLine } from './signaling-line.ts';
import { Subscription } from './subscription.ts';

/** With these the server says that there is nothing to receive now; if that changes, it announces the track again. */
const GONE: ReadonlySet<CallErrorCode> = new Set(['not_found', 'unavailable']);

/** What we want of a track. Without a subscription the server is being asked for one. */
interface Entry {
  readonly track: RemoteTrack;
  subscription: Subscription | undefined;
  /** Published anew since we asked: the answer may be about either producer, and only its end tells which. */
  isRenewed: boolean;
  /** Consumers that ended while their answer was on its way. */
  readonly closedIds: Set<string>;
}

export class Subscriber {
  readonly #line: SignalingLine;
  readonly #transport: MediaTransport;
  /** What this device can receive; until the server was told. */
  #untoldCapabilities: RtpCapabilities | undefined;
  /** By track id. */
  readonly #entries = new Map<string, Entry>();
  /** By track id: every consumer that the server told us of, those that are not set up here yet too. */
  readonly #consumerIds = new Map<string, string>();
  #isClosed = false;

  constructor(line: SignalingLine, transport: MediaTransport, rtpCapabilities: RtpCapabilities) {
    this.#line = line;
    this.#transport = transport;
    this.#untoldCapabilities = rtpCapabilities;
  }

  get generation(): number {
    return this.#transport.generation;
  }

  /** Rejects when the track cannot be received; that it is gone, or about to be published anew, is no failure. */
  async subscribe(track: RemoteTrack): Promise<void> {
    const { trackId } = track;
    if (this.#isClosed || this.#entries.has(trackId)) return;
    const entry: Entry = { track, subscription: undefined, isRenewed: false, closedIds: new Set() };
    this.#entries.set(trackId, entry);
    const isWanted = () => this.#entries.get(trackId) === entry && !this.#isClosed;
    try {
      const subscription = await this.#consume(track);
      if (!isWanted()) return subscription.close();
      entry.subscription = subscription;
      if (entry.closedIds.has(subscription.consumerId))
        await this.consumerClosed(trackId, subscription.consumerId);
    } catch (error) {
      if (!isWanted()) return;
      this.unsubscribe(trackId);
      if (!(error instanceof CallError && GONE.has(error.code))) throw error;
      if (entry.isRenewed) await this.subscribe(track);
    }
  }

  unsubscribe(trackId: string): void {
    const entry = this.#entries.get(trackId);
    this.#entries.delete(trackId);
    this.#consumerIds.delete(trackId);
    entry?.subscription?.close();
  }

  /** The track was published anew: what we had of it has ended. Rejects as `subscribe` does. */
  async renew(track: RemoteTrack): Promise<void> {
    const entry = this.#entries.get(track.trackId);
    if (entry && !entry.subscription) {
      entry.isRenewed = true;
      return;
    }
    this.unsubscribe(track.trackId);
    await this.subscribe(track);
  }

  /** The server ended a consumer, perhaps before we have heard that it began. Rejects as `subscribe` does. */
  async consumerClosed(trackId: string, consumerId: string): Promise<void> {
    const entry = this.#entries.get(trackId);
    if (!entry) return;
    if (!entry.subscription) {
      entry.closedIds.add(consumerId);
      return;
    }
    if (entry.subscription.consumerId !== consumerId) return;
    this.unsubscribe(trackId);
    if (entry.isRenewed) await this.subscribe(entry.track);
  }

  /** Whether we can go on with what the server still has: not with a consumer whose answer was lost. */
  canResume(consumers: Joined['consumers']): boolean {
    const known = new Set(this.#consumerIds.values());
    return !this.#transport.isInDoubt && consumers.every(({ consumerId }) => known.has(consumerId));
  }

  /** On another socket: drops what the server has no more, so that it is subscribed to again. */
  resync(consumers: Joined['consumers']): void {
    const present = new Map(consumers.map((consumer) => [consumer.consumerId, consumer]));
    for (const [trackId, { subscription }] of [...this.#entries]) {
      if (!subscription) continue;
      const consumer = present.get(subscription.consumerId);
      if (consumer) subscription.resync(consumer.isPaused);
      else this.unsubscribe(trackId);
    }
    this.#transport.resync();
  }

  /** The demand for a track changed. */
  align(trackId: string): void {
    this.#entries.get(trackId)?.subscription?.align();
  }

  /** Twice is no error. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    for (const { subscription } of this.#entries.values()) subscription?.close();
    this.#entries.clear();
    this.#transport.close();
  }

  /** Says with the first one what we can receive: the server reads messages in the order in which they are sent. */
  async #ask(trackId: string): Promise<ConsumerCreated> {
    const rtpCapabilities = this.#untoldCapabilities;
    this.#untoldCapabilities = undefined;
    try {
      return await this.#line.request('consume', { trackId, ...(rtpCapabilities && { rtpCapabilities }) });
    } catch (error) {
      this.#untoldCapabilities ??= rtpCapabilities;
      throw error;
    }
  }

  async #consume(track: RemoteTrack): Promise<Subscription> {
    const created = await this.#ask(track.trackId);
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
