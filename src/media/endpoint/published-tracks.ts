/** What one client publishes, over whichever connections: its tracks by their ids, and how well they arrived. */
import { AppError } from '../../lib/index.ts';
import type { CallEvent } from '../../protocol/index.ts';
import type { Publication } from '../room/publication.ts';
import { averageOf, type ScoreTime } from '../room/score-average.ts';
import { settledOf, type TrackFlow } from './flow-stats.ts';

/** More than any page publishes; a bound on what one client can make the worker hold. */
const MAX_PUBLICATIONS = 16;

export interface PublishedTracksOptions {
  readonly onAdded: (publication: Publication) => void;
  /** The highest layer that anybody shows; nobody is told where no client could do anything about it. */
  readonly onDemand?: (trackId: string, spatialLayer: number | null) => void;
}

export class PublishedTracks {
  readonly #options: PublishedTracksOptions;
  readonly #publications = new Map<string, Publication>();
  #earlierScore: ScoreTime = { scoreMs: 0, ms: 0 };

  constructor(options: PublishedTracksOptions) {
    this.#options = options;
  }

  /** By track id. */
  get all(): ReadonlyMap<string, Publication> {
    return this.#publications;
  }

  /** What was told last of the layers that anyone shows: to be told again to one who may have missed it. */
  get missed(): CallEvent[] {
    return [...this.#publications.values()].flatMap(({ trackId, toldDemand }) =>
      toldDemand === undefined
        ? []
        : [{ type: 'publish-layers', data: { trackId, spatialLayer: toldDemand } }],
    );
  }

  get averageScore(): number | null {
    return averageOf([
      this.#earlierScore,
      ...[...this.#publications.values()].map(({ scoreTime }) => scoreTime),
    ]);
  }

  stats(): Promise<TrackFlow[]> {
    return settledOf([...this.#publications.values()].map((publication) => publication.stats()));
  }

  /** Throws `invalid_state` when so many more would be too many. */
  demandRoom(more: number): void {
    if (this.#publications.size + more > MAX_PUBLICATIONS)
      throw new AppError(
        'invalid_state',
        `More than ${MAX_PUBLICATIONS} tracks cannot be published at once.`,
      );
  }

  /** An earlier publication of the same track is replaced: for the others it stays that track. */
  add(publication: Publication): void {
    const { trackId } = publication;
    const earlier = this.#publications.get(trackId);
    this.#publications.set(trackId, publication);
    earlier?.close();
    publication.events.on('demandChanged', (layer) => this.#options.onDemand?.(trackId, layer));
    publication.events.on('closed', () => {
      if (this.#publications.get(trackId) === publication) this.#publications.delete(trackId);
      const { scoreMs, ms } = publication.scoreTime;
      this.#earlierScore = { scoreMs: this.#earlierScore.scoreMs + scoreMs, ms: this.#earlierScore.ms + ms };
    });
    this.#options.onAdded(publication);
  }

  close(): void {
    for (const publication of [...this.#publications.values()]) publication.close();
  }
}
