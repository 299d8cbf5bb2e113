/** What goes to a client on the sections of the server's offers: which track is on which section, and its consumer. */
import { AppError } from '../../../lib/index.ts';
import type { CallEvent, ConsumerCreated, OfferedTracks } from '../../../protocol/index.ts';
import type { Pipes } from '../../room/pipes.ts';
import type { Publication } from '../../room/publication.ts';
import type { AnsweredSection, OfferedSections, OfferedTrack } from '../../sdp/index.ts';
import { Subscriptions, type Way } from '../subscriptions.ts';

export interface DownTracksOptions {
  readonly sections: OfferedSections;
  readonly pipes: Pipes;
  readonly tell: (event: CallEvent) => void;
  /** There is something to offer. */
  readonly onChanged: () => void;
}

interface Carried {
  readonly publication: Publication;
  readonly consumer: ConsumerCreated;
}

export class DownTracks {
  readonly subscriptions: Subscriptions;
  readonly #options: DownTracksOptions;
  /** By track id, what is to be carried. */
  readonly #wanted = new Map<string, Publication>();
  /** By mid. */
  readonly #carried = new Map<string, Carried>();
  /** Those that the client cannot receive. */
  readonly #refused = new WeakSet<Publication>();

  constructor(options: DownTracksOptions) {
    this.#options = options;
    this.subscriptions = new Subscriptions(options.pipes, (event) => {
      if (event.type === 'consumer-closed') this.#consumerClosed(event.data.consumerId);
      options.tell(event);
    });
  }

  /** Whether there is anything to carry. */
  get isWanted(): boolean {
    return this.#wanted.size > 0;
  }

  use(way: Way): void {
    this.subscriptions.use(way);
  }

  /** Carries a track from the next offer on, until it closes. */
  want(publication: Publication): void {
    const { trackId, events } = publication;
    this.#wanted.set(trackId, publication);
    events.on('closed', () => {
      if (this.#wanted.get(trackId) === publication) this.#wanted.delete(trackId);
    });
    this.#options.onChanged();
  }

  /** Makes consumers, paused, for what has none yet. Gives what is on each section. */
  async fill(): Promise<ReadonlyMap<string, OfferedTrack>> {
    const carried = new Set([...this.#carried.values()].map(({ publication }) => publication));
    for (const publication of [...this.#wanted.values()]) {
      if (carried.has(publication) || this.#refused.has(publication)) continue;
      if (publication.isLost || publication.isClosed) continue;
      await this.#carry(publication);
    }
    return new Map(
      [...this.#carried].map(([mid, { publication, consumer }]) => {
        const { userId, trackId } = publication;
        return [mid, { userId, trackId, rtpParameters: consumer.rtpParameters }];
      }),
    );
  }

  describe(): OfferedTracks {
    return Object.fromEntries(
      [...this.#carried].map(([mid, { publication, consumer }]) => {
        const { userId, trackId, source, kind } = publication;
        return [mid, { userId, trackId, source, kind, consumerId: consumer.consumerId }];
      }),
    );
  }

  /** Lets flow what the client takes, and stops what it does not. */
  async settle(answered: readonly AnsweredSection[]): Promise<void> {
    for (const section of answered) {
      const carried = this.#carried.get(section.mid);
      if (section.use !== 'down' || !carried) continue;
      const { consumerId } = carried.consumer;
      const change = section.isWanted
        ? this.subscriptions.resume(consumerId)
        : this.subscriptions.pause(consumerId);
      await change.catch(ignoreGone);
    }
  }

  /** The client does not take this section: what was on it is not offered again. */
  refuse(mid: string): void {
    const carried = this.#carried.get(mid);
    if (!carried) return;
    this.#refused.add(carried.publication);
    this.subscriptions.remove(carried.consumer.consumerId);
  }

  /** Ends everything; new tracks may come. */
  end(): void {
    this.#wanted.clear();
    this.subscriptions.end();
  }

  /** The way to the client is lost: everything has to be offered anew. */
  lose(): void {
    this.subscriptions.lose();
    for (const { publication } of this.#carried.values()) this.#options.sections.free(publication.trackId);
    this.#carried.clear();
  }

  close(): void {
    this.#wanted.clear();
    this.subscriptions.close();
  }

  async #carry(publication: Publication): Promise<void> {
    const { sections } = this.#options;
    const { trackId, kind } = publication;
    const mid = sections.carry(trackId, kind);
    if (mid === undefined) return;
    try {
      const consumer = await this.subscriptions.add(publication, { mid });
      this.#carried.set(mid, { publication, consumer });
    } catch (error) {
      sections.free(trackId);
      ignoreGone(error);
    }
  }

  #consumerClosed(consumerId: string): void {
    for (const [mid, { publication, consumer }] of this.#carried) {
      if (consumer.consumerId !== consumerId) continue;
      this.#carried.delete(mid);
      this.#options.sections.free(publication.trackId);
      this.#options.onChanged();
    }
  }
}

/** A track that ends meanwhile needs nothing any more; its section is offered as free. */
function ignoreGone(error: unknown): void {
  const isGone =
    error instanceof AppError && ['not_found', 'unsupported_codec', 'invalid_state'].includes(error.code);
  if (!isGone && !(error instanceof AppError && error.code === 'unavailable')) throw error;
}
