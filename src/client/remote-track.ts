/** A track that somebody else publishes: what is known of it, its media while we receive it, and how much we want of it. */
import type { Layers, MediaKind, Track, TrackSource } from '../protocol/index.ts';

/** How much of a track is wanted. */
export interface TrackDemand {
  readonly isShown: boolean;
  /** The highest simulcast layers that are worth receiving; undefined for the best there are. */
  readonly layers: Layers | undefined;
}

export interface RemoteTrackListener {
  /** Its state, its media, its quality or its layers are others now. */
  changed(track: RemoteTrack): void;
  demandChanged(track: RemoteTrack): void;
}

export class RemoteTrack {
  readonly trackId: string;
  readonly userId: string;
  readonly kind: MediaKind;
  readonly source: TrackSource;
  readonly #listener: RemoteTrackListener;
  #generation: number;
  #isPaused: boolean;
  #mediaTrack: MediaStreamTrack | null = null;
  #score: number | null = null;
  #layers: Layers | null = null;
  #demand: TrackDemand = { isShown: true, layers: undefined };

  constructor(track: Track, listener: RemoteTrackListener) {
    this.trackId = track.trackId;
    this.userId = track.userId;
    this.kind = track.kind;
    this.source = track.source;
    this.#generation = track.generation;
    this.#isPaused = track.isPaused;
    this.#listener = listener;
  }

  /** Grows each time that it was published again, because its transport was rebuilt. */
  get generation(): number {
    return this.#generation;
  }

  /** Whether its publisher paused it. */
  get isPaused(): boolean {
    return this.#isPaused;
  }

  /** Null while it is not received yet, or not at the moment. */
  get mediaTrack(): MediaStreamTrack | null {
    return this.#mediaTrack;
  }

  /** Transmission quality from 0 (dead) to 10, the worse one of the way up and the way down; null while unknown. */
  get score(): number | null {
    return this.#score;
  }

  /** The layers that are being received; null while none, or when there is only one. */
  get layers(): Layers | null {
    return this.#layers;
  }

  get demand(): TrackDemand {
    return this.#demand;
  }

  /** A track that is not shown is not sent to us. */
  setShown(isShown: boolean): void {
    this.#setDemand({ ...this.#demand, isShown });
  }

  setPreferredLayers(layers: Layers): void {
    this.#setDemand({ ...this.#demand, layers });
  }

  /** The methods from here on are for the SDK itself: they repeat what the server said. */
  update(patch: { generation?: number; isPaused?: boolean; score?: number; layers?: Layers | null }): void {
    this.#generation = patch.generation ?? this.#generation;
    this.#isPaused = patch.isPaused ?? this.#isPaused;
    this.#score = patch.score ?? this.#score;
    if (patch.layers !== undefined) this.#layers = patch.layers;
    this.#listener.changed(this);
  }

  attach(mediaTrack: MediaStreamTrack): void {
    this.#mediaTrack = mediaTrack;
    this.#listener.changed(this);
  }

  detach(): void {
    if (!this.#mediaTrack) return;
    this.#mediaTrack = null;
    this.#score = null;
    this.#layers = null;
    this.#listener.changed(this);
  }

  #setDemand(demand: TrackDemand): void {
    const before = this.#demand;
    this.#demand = demand;
    const isSame = before.isShown === demand.isShown && sameLayers(before.layers, demand.layers);
    if (!isSame) this.#listener.demandChanged(this);
  }
}

export function sameLayers(a: Layers | undefined, b: Layers | undefined): boolean {
  return a?.spatialLayer === b?.spatialLayer && a?.temporalLayer === b?.temporalLayer;
}
