/** One published track as the rest of the call sees it: an identity that outlives transports, around one producer. */
import type { Producer } from 'mediasoup/types';
import { Emitter, type Listenable } from '../../lib/index.ts';
import type { MediaKind, TrackSource } from '../../protocol/index.ts';
import { askMediasoup } from '../refusal.ts';

export interface PublicationOptions {
  readonly trackId: string;
  readonly userId: string;
  readonly source: TrackSource;
  readonly generation: number;
}

interface PublicationEvents extends Record<string, unknown> {
  /** Paused or resumed. */
  changed: undefined;
  /** Emitted exactly once. */
  closed: undefined;
}

export class Publication {
  readonly trackId: string;
  readonly userId: string;
  readonly source: TrackSource;
  readonly generation: number;
  readonly #producer: Producer;
  readonly #emitter = new Emitter<PublicationEvents>();
  #isClosed = false;

  constructor(producer: Producer, options: PublicationOptions) {
    this.#producer = producer;
    this.trackId = options.trackId;
    this.userId = options.userId;
    this.source = options.source;
    this.generation = options.generation;
    producer.on('transportclose', () => this.close());
  }

  get events(): Listenable<PublicationEvents> {
    return this.#emitter;
  }

  get kind(): MediaKind {
    return this.#producer.kind;
  }

  get producerId(): string {
    return this.#producer.id;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  get isPaused(): boolean {
    return this.#producer.paused;
  }

  /** Stops the track for everybody. Says `changed` only when it was not paused before. */
  async pause(): Promise<void> {
    if (this.#isClosed || this.#producer.paused) return;
    await this.#ask(this.#producer.pause());
    this.#emitter.emit('changed', undefined);
  }

  async resume(): Promise<void> {
    if (this.#isClosed || !this.#producer.paused) return;
    await this.#ask(this.#producer.resume());
    this.#emitter.emit('changed', undefined);
  }

  /** Twice is no error. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#producer.close();
    this.#emitter.emit('closed', undefined);
    this.#emitter.removeAll();
  }

  /** What closes on the way needs no pause and no resuming any more. */
  async #ask(request: Promise<void>): Promise<void> {
    try {
      await askMediasoup('The track cannot be changed', request);
    } catch (error) {
      if (!this.#isClosed) throw error;
    }
  }
}
