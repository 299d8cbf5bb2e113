/**
 * What comes in over one connection, by section: makes, keeps, replaces and ends producers as the client's descriptions say, and
 * gives each section its track. A track keeps its id while its section goes on, and when its worker dies.
 */
import type { Producer, RtpParameters as RouterParameters } from 'mediasoup/types';
import { newId } from '../../../lib/index.ts';
import type { MediaKind, RtpParameters, TrackSource } from '../../../protocol/index.ts';
import { toRouterParameters } from '../../codecs.ts';
import type { Home } from '../../room/home.ts';
import { Publication } from '../../room/publication.ts';
import type { Reception } from '../../sdp/index.ts';
import type { PublishedTracks } from '../published-tracks.ts';
import type { ClientTransport } from '../transport.ts';
import { lostError } from './errors.ts';
import { areKnown, learnStreams, withLearned } from './learned-streams.ts';

/** The way by which it comes. */
export interface Inlet {
  readonly transport: ClientTransport;
  readonly home: Home;
  readonly generation: number;
}

/** A section on which the client sends. */
export interface SentSection {
  readonly mid: string;
  readonly reception: Reception;
  readonly source: TrackSource;
}

export interface SectionTrack {
  readonly trackId: string;
  readonly kind: MediaKind;
  readonly source: TrackSource;
}

interface Live extends SentSection {
  readonly trackId: string;
  readonly publication: Publication;
}

interface Pair {
  readonly section: SentSection;
  readonly earlier: Live | undefined;
}

interface Made extends Pair {
  readonly producer: Producer;
  readonly rtpParameters: RouterParameters;
}

type Encodings = RtpParameters['encodings'];

export class SectionProducers {
  readonly #userId: string;
  readonly #tracks: PublishedTracks;
  /** By mid. */
  readonly #live = new Map<string, Live>();
  /** Of those whose way was lost or was replaced: they come back as the same tracks. */
  #waiting: Live[] = [];
  readonly #learned = new Map<string, Encodings>();

  constructor(userId: string, tracks: PublishedTracks) {
    this.#userId = userId;
    this.#tracks = tracks;
  }

  /** By mid, what is published. */
  describe(): Record<string, SectionTrack> {
    const open = [...this.#live].filter(([, { publication }]) => !publication.isClosed);
    return Object.fromEntries(
      open.map(([mid, { trackId, source, reception }]) => [mid, { trackId, kind: reception.kind, source }]),
    );
  }

  /** Whether all that was sent could be found again on a new transport of ours, without a new connection of the client's. */
  get canMove(): boolean {
    return this.#waiting
      .filter(isOpen)
      .every(({ mid, reception }) =>
        areKnown(reception.rtpParameters.encodings, this.#learned.get(mid) ?? []),
      );
  }

  /**
   * Makes what is published be what is sent. A section that changed what it sends is another track. Rejects as producing does, and
   * with `invalid_state` when it would be too much; then nothing was added, and what ended has ended.
   */
  async update(sections: readonly SentSection[], inlet: Inlet): Promise<void> {
    const changed = sections.filter((section) => !isSame(this.#live.get(section.mid), section));
    const staying = new Set(sections.filter((section) => !changed.includes(section)).map(({ mid }) => mid));
    const ended = [...this.#live.values()].filter(({ mid }) => !staying.has(mid));
    this.#tracks.demandRoom(changed.length - [...ended, ...this.#waiting].filter(isOpen).length);
    for (const { mid, publication } of ended) {
      this.#live.delete(mid);
      publication.close();
    }
    const made = await this.#produce(this.#pair(changed), inlet);
    for (const one of made) this.#adopt(one, inlet);
    for (const { publication, trackId } of this.#waiting) {
      if (this.#tracks.all.get(trackId) === publication) publication.close();
    }
    this.#waiting = [];
  }

  /** Whether this goes on as it is; nothing begins with it. */
  goesOn(section: SentSection): boolean {
    return isSame(this.#live.get(section.mid), section);
  }

  /** The way is lost: its tracks wait for their owner to publish them again. */
  lose(): void {
    this.#waiting.push(...this.#live.values());
    this.#live.clear();
  }

  /** For another connection of the client's: the same tracks go on there, once they are sent. This one is as it was until then. */
  successor(): SectionProducers {
    const next = new SectionProducers(this.#userId, this.#tracks);
    next.#waiting = [...this.#live.values(), ...this.#waiting];
    return next;
  }

  /** With what each goes on: what it was before, or, on another connection, what came from the same source. */
  #pair(sections: readonly SentSection[]): Pair[] {
    const free = new Set(this.#waiting.filter(isOpen));
    const take = (fits: (live: Live) => boolean) => {
      const found = [...free].find(fits);
      if (found) free.delete(found);
      return found;
    };
    const byMid = sections.map((section) => ({
      section,
      earlier: take(({ mid, source }) => mid === section.mid && source === section.source),
    }));
    return byMid.map(({ section, earlier }) => ({
      section,
      earlier: earlier ?? take(({ source }) => source === section.source),
    }));
  }

  async #produce(pairs: readonly Pair[], { transport }: Inlet): Promise<Made[]> {
    const made: Made[] = [];
    try {
      for (const pair of pairs) {
        const { mid, reception } = pair.section;
        const encodings = withLearned(reception.rtpParameters.encodings, this.#learned.get(mid) ?? []);
        const rtpParameters = toRouterParameters({ ...reception.rtpParameters, encodings });
        const producer = await transport.produce({
          kind: reception.kind,
          rtpParameters,
          paused: pair.earlier?.publication.isPaused ?? false,
        });
        made.push({ ...pair, producer, rtpParameters });
      }
      if (made.some(({ producer }) => producer.closed)) throw lostError();
      return made;
    } catch (error) {
      for (const { producer } of made) producer.close();
      throw error;
    }
  }

  #adopt({ section, earlier, producer, rtpParameters }: Made, { home, generation }: Inlet): void {
    const { mid, source } = section;
    const trackId = earlier?.trackId ?? newId();
    learnStreams(producer, (encodings) => this.#learned.set(mid, encodings));
    const publication = new Publication(producer, {
      trackId,
      userId: this.#userId,
      source,
      generation,
      home,
      rtpParameters,
    });
    this.#live.set(mid, { ...section, trackId, publication });
    this.#tracks.add(publication);
  }
}

/** One whose publication was closed from here stays as it is: what still comes on it does not publish it again. */
function isSame(live: Live | undefined, { reception, source }: SentSection): boolean {
  return live !== undefined && live.reception.signature === reception.signature && live.source === source;
}

function isOpen({ publication }: Live): boolean {
  return !publication.isClosed;
}
