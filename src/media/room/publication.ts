/** One published track as the rest of the call sees it: an identity that outlives transports, around one producer. */
import type { Producer } from 'mediasoup/types';
import { Emitter, type Listenable } from '../../lib/index.ts';
import type { MediaKind, TrackSource } from '../../protocol/index.ts';
import { LayerDemand } from './layer-demand.ts';

export interface PublicationOptions {
  readonly trackId: string;
  readonly userId: string;
  readonly source: TrackSource;
  readonly generation: number;
}

interface PublicationEvents extends Record<string, unknown> {
  /** Paused or resumed. */
  changed: undefined;
  /** The highest spatial layer that anybody shows; null when nobody does. Only of tracks with several. */
  demandChanged: number | null;
  /** Emitted exactly once. */
  closed: undefined;
}

export class Publication {
  readonly trackId: string;
  readonly userId: string;
  readonly source: TrackSource;
  readonly generation: number;
  /** What its viewers show of it. */
  readonly demand: LayerDemand;
  readonly #producer: Producer;
  readonly #emitter = new Emitter<PublicationEvents>();
  #isClosed = false;

  constructor(producer: Producer, options: PublicationOptions) {
    this.#producer = producer;
    this.trackId = options.trackId;
    this.userId = options.userId;
    this.source = options.source;
    this.generation = options.generation;
    this.demand = new LayerDemand(highestLayerOf(producer), (layer) => {
      if (producer.type !== 'simple') this.#emitter.emit('demandChanged', layer);
    });
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

  get isPaused(): boolean {
    return this.#producer.paused;
  }

  /** Stops the track for everybody. Says `changed` only when it was not paused before. */
  async pause(): Promise<void> {
    if (this.#isClosed || this.#producer.paused) return;
    await this.#producer.pause();
    this.#emitter.emit('changed', undefined);
  }

  async resume(): Promise<void> {
    if (this.#isClosed || !this.#producer.paused) return;
    await this.#producer.resume();
    this.#emitter.emit('changed', undefined);
  }

  /** Twice is no error. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.demand.close();
    this.#producer.close();
    this.#emitter.emit('closed', undefined);
    this.#emitter.removeAll();
  }
}

/** Simulcast has an encoding a layer; SVC names its layers in the scalability mode (W3C webrtc-svc: L3T3 has three). */
function highestLayerOf({ rtpParameters }: Producer): number {
  const encodings = rtpParameters.encodings ?? [];
  const mode = encodings[0]?.scalabilityMode?.match(/^[LS](\d+)/)?.[1];
  return Math.max(encodings.length, Number(mode ?? 1)) - 1;
}
