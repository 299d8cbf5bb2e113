/**
 * Anyone who takes part in a call: a person in a browser, a phone leg, the recorder. A participant knows who it is,
 * what it may do and what it publishes; how its media is negotiated is its endpoint's business.
 */
import { Emitter, type Listenable } from '../lib/index.ts';
import type { Endpoint, EndpointStats, EndpointTotals, Publication } from '../media/index.ts';
import type {
  CallEvent,
  LeaveReason,
  MediaKind,
  Permissions,
  Participant as WireParticipant,
  Track as WireTrack,
} from '../protocol/index.ts';

export interface ParticipantOptions {
  readonly userId: string;
  readonly name: string;
  readonly metadata: unknown;
  readonly permissions: Permissions;
  readonly endpoint: Endpoint;
  /** Takes what the participant is told; must not throw. */
  readonly tell: (event: CallEvent) => void;
}

interface ParticipantEvents extends Record<string, unknown> {
  published: Publication;
  unpublished: Publication;
  /** A track was paused or resumed. */
  updated: undefined;
  /** Emitted exactly once, after everything it published has closed. */
  closed: LeaveReason;
}

export class Participant {
  readonly userId: string;
  readonly name: string;
  readonly metadata: unknown;
  readonly permissions: Permissions;
  readonly joinedAt = new Date();
  readonly tell: (event: CallEvent) => void;
  readonly #endpoint: Endpoint;
  readonly #emitter = new Emitter<ParticipantEvents>();
  #isClosed = false;

  constructor(options: ParticipantOptions) {
    this.userId = options.userId;
    this.name = options.name;
    this.metadata = options.metadata;
    this.permissions = options.permissions;
    this.tell = options.tell;
    this.#endpoint = options.endpoint;
    this.#endpoint.events.on('publicationAdded', (publication) => this.#adopt(publication));
    this.#endpoint.events.on('closed', () => this.close('media-lost'));
  }

  get events(): Listenable<ParticipantEvents> {
    return this.#emitter;
  }

  get isHidden(): boolean {
    return this.permissions.hidden;
  }

  get publications(): ReadonlyMap<string, Publication> {
    return this.#endpoint.publications;
  }

  get generation(): number {
    return this.#endpoint.generation;
  }

  /** What it sends and gets now. */
  stats(): Promise<EndpointStats> {
    return this.#endpoint.stats();
  }

  /** What it sent and got so far, and how well; after it left, until then. Never rejects. */
  totals(): Promise<EndpointTotals> {
    return this.#endpoint.totals();
  }

  /** How everyone else sees this participant now. */
  describe(): WireParticipant {
    return {
      userId: this.userId,
      name: this.name,
      joinedAt: this.joinedAt.toISOString(),
      metadata: this.metadata ?? null,
      tracks: [...this.publications.values()].map(describeTrack),
    };
  }

  /** Pauses what the person says (`audio`) or shows of themselves (`video`); the screen that they share goes on. */
  async mute(kind: MediaKind): Promise<void> {
    await Promise.all(this.#ofThePerson(kind).map((publication) => publication.pause()));
  }

  async unmute(kind: MediaKind): Promise<void> {
    await Promise.all(this.#ofThePerson(kind).map((publication) => publication.resume()));
  }

  /** Leaves: closes the endpoint and all that it publishes. Twice is no error; the first reason stands. */
  close(reason: LeaveReason): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#endpoint.close();
    this.#emitter.emit('closed', reason);
    this.#emitter.removeAll();
  }

  #ofThePerson(kind: MediaKind): Publication[] {
    const source = kind === 'audio' ? 'microphone' : 'camera';
    return [...this.publications.values()].filter((publication) => publication.source === source);
  }

  #adopt(publication: Publication): void {
    publication.events.on('changed', () => this.#emitter.emit('updated', undefined));
    publication.events.on('closed', () => this.#emitter.emit('unpublished', publication));
    this.#emitter.emit('published', publication);
  }
}

export function describeTrack(publication: Publication): WireTrack {
  const { trackId, userId, kind, source, isPaused, generation } = publication;
  return { trackId, userId, kind, source, isPaused, generation };
}
