/**
 * Anyone who takes part in a call: a person in a browser, a phone leg, the recorder. A participant knows who it is,
 * what it may do and what it publishes; how its media is negotiated is its endpoint's business.
 */
import { AppError, Emitter, type Listenable } from '../lib/index.ts';
import type { DataChannel, Endpoint, EndpointStats, EndpointTotals, Publication } from '../media/index.ts';
import type {
  CallEvent,
  LeaveReason,
  MediaKind,
  Permissions,
  DataChannel as WireDataChannel,
  Participant as WireParticipant,
  Track as WireTrack,
} from '../protocol/index.ts';
import { Connection } from './connection.ts';
import { mayPublish } from './publish-rights.ts';

export interface ParticipantOptions {
  /** Of this one stay; a user who leaves and comes again has another. */
  readonly id: string;
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
  channelOpened: DataChannel;
  channelClosed: DataChannel;
  handRaised: boolean;
  /** Name, metadata, hand, connection or the state of a track changed. */
  updated: undefined;
  /** Emitted exactly once, after everything it published has closed. */
  closed: LeaveReason;
}

export class Participant {
  readonly id: string;
  readonly userId: string;
  readonly joinedAt = new Date();
  readonly #connection: Connection;
  readonly #endpoint: Endpoint;
  readonly #emitter = new Emitter<ParticipantEvents>();
  #permissions: Permissions;
  #name: string;
  #metadata: unknown;
  #reconnects = 0;
  #handRaisedAt: Date | null = null;
  #isClosed = false;

  constructor(options: ParticipantOptions) {
    this.id = options.id;
    this.userId = options.userId;
    this.#permissions = options.permissions;
    this.#name = options.name;
    this.#metadata = options.metadata;
    this.#connection = new Connection(options.tell);
    this.#endpoint = options.endpoint;
    this.#endpoint.events.on('publicationAdded', (publication) => this.#adopt(publication));
    this.#endpoint.events.on('channelAdded', (channel) => {
      channel.events.on('closed', () => this.#emitter.emit('channelClosed', channel));
      this.#emitter.emit('channelOpened', channel);
    });
  }

  get events(): Listenable<ParticipantEvents> {
    return this.#emitter;
  }

  get name(): string {
    return this.#name;
  }

  get metadata(): unknown {
    return this.#metadata;
  }

  /** What this participant may do now. */
  get permissions(): Permissions {
    return this.#permissions;
  }

  get isHidden(): boolean {
    return this.#permissions.hidden;
  }

  get isHandRaised(): boolean {
    return this.#handRaisedAt !== null;
  }

  /** How often a client came back to it on another socket. */
  get reconnects(): number {
    return this.#reconnects;
  }

  get publications(): ReadonlyMap<string, Publication> {
    return this.#endpoint.publications;
  }

  get channels(): ReadonlyMap<string, DataChannel> {
    return this.#endpoint.channels;
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
      name: this.#name,
      joinedAt: this.joinedAt.toISOString(),
      metadata: this.#metadata ?? null,
      isConnected: this.#connection.isUp,
      handRaisedAt: this.#handRaisedAt?.toISOString() ?? null,
      tracks: [...this.publications.values()].map(describeTrack),
      channels: [...this.channels.values()].map(describeChannel),
    };
  }

  tell(event: CallEvent): void {
    this.#connection.tell(event);
  }

  update(change: { readonly name?: string; readonly metadata?: unknown }): void {
    this.#name = change.name ?? this.#name;
    // Null takes it away; the row of the stay needs a value all the same.
    if ('metadata' in change) this.#metadata = change.metadata ?? {};
    this.#emitter.emit('updated', undefined);
  }

  /** Says `updated` only when it changes something. */
  raiseHand(isRaised: boolean): void {
    if (isRaised === this.isHandRaised) return;
    this.#handRaisedAt = isRaised ? new Date() : null;
    this.#emitter.emit('handRaised', isRaised);
    this.#emitter.emit('updated', undefined);
  }

  /** Pauses their microphone or their camera; what they share of their screen goes on. */
  async mute(kind: MediaKind): Promise<void> {
    await Promise.all(this.#mutable(kind).map((publication) => publication.pause()));
  }

  async unmute(kind: MediaKind): Promise<void> {
    await Promise.all(this.#mutable(kind).map((publication) => publication.resume()));
  }

  /**
   * Gives other rights from now on, and ends what they do not allow. Throws `forbidden` when they would make a hidden
   * participant appear, or a visible one vanish: for that one has to join again.
   */
  permit(permissions: Permissions): void {
    if (permissions.hidden !== this.isHidden) {
      throw new AppError(
        'forbidden',
        `You are ${this.isHidden ? 'hidden' : 'visible'} in this call, and this token would change that: join again with it.`,
      );
    }
    this.#permissions = permissions;
    for (const publication of [...this.publications.values()]) {
      if (mayPublish(permissions, publication.source)) continue;
      const { trackId, userId } = publication;
      publication.close();
      // The others hear it from the call; a client does not notice by itself that we stopped what it sends.
      this.tell({ type: 'producer-closed', data: { trackId, userId } });
    }
    if (!permissions.data) for (const channel of [...this.channels.values()]) channel.close();
    this.#endpoint.restrictReceiving({ media: permissions.subscribe, data: permissions.data });
  }

  /** The socket is lost; all media goes on. Who is not back within `graceMs` leaves as `reason`. */
  loseConnection(graceMs: number, reason: LeaveReason): void {
    if (this.#isClosed) return;
    this.#connection.lose(graceMs, () => this.close(reason));
    this.#emitter.emit('updated', undefined);
  }

  /** Back on another socket. Returns the words that were said meanwhile. */
  restoreConnection(tell: (event: CallEvent) => void): CallEvent[] {
    const wasUp = this.#connection.isUp;
    this.#reconnects += 1;
    const kept = this.#connection.restore(tell);
    if (!wasUp) this.#emitter.emit('updated', undefined);
    return kept;
  }

  /** Leaves: closes the endpoint and all that it publishes. Twice is no error; the first reason stands. */
  close(reason: LeaveReason): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#connection.close();
    this.#endpoint.close();
    this.#emitter.emit('closed', reason);
    this.#emitter.removeAll();
  }

  #mutable(kind: MediaKind): Publication[] {
    const source = kind === 'audio' ? 'microphone' : 'camera';
    return [...this.publications.values()].filter((publication) => publication.source === source);
  }

  #adopt(publication: Publication): void {
    publication.events.on('changed', () => this.#emitter.emit('updated', undefined));
    publication.events.on('closed', () => {
      // Published again it is the same track; only its producer is another one.
      if (!this.publications.has(publication.trackId)) this.#emitter.emit('unpublished', publication);
    });
    this.#emitter.emit('published', publication);
  }
}

export function describeTrack(publication: Publication): WireTrack {
  const { trackId, userId, kind, source, isPaused, generation } = publication;
  return { trackId, userId, kind, source, isPaused, generation };
}

export function describeChannel({ channelId, userId, label, protocol }: DataChannel): WireDataChannel {
  return { channelId, userId, label, protocol };
}
