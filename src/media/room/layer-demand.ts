/** The highest spatial layer of one track that anybody shows: what its publisher need not send is what lies above. */

/** A demand that falls is believed only when it has stayed low for this long: viewers resize and scroll. */
const FALL_DELAY_MS = 2_000;

export class LayerDemand {
  readonly highestLayer: number;
  readonly #onChanged: (layer: number | null) => void;
  /** By consumer; a paused one is not in it. */
  readonly #wanted = new Map<string, number>();
  #told: number | null;
  #isTold = false;
  #fall: Timer | undefined;

  /** `onChanged` gets the highest layer that is wanted, or null when nobody shows the track. */
  constructor(highestLayer: number, onChanged: (layer: number | null) => void) {
    this.highestLayer = highestLayer;
    this.#onChanged = onChanged;
    // A publisher sends everything until it is told otherwise.
    this.#told = highestLayer;
  }

  /** `layer` undefined: as much as there is. */
  want(consumerId: string, layer: number | undefined): void {
    this.#wanted.set(consumerId, Math.min(layer ?? this.highestLayer, this.highestLayer));
    this.#update();
  }

  /** The consumer is paused or gone. */
  release(consumerId: string): void {
    if (this.#wanted.delete(consumerId)) this.#update();
  }

  /** What was told last; undefined while nothing was. */
  get told(): number | null | undefined {
    return this.#isTold ? this.#told : undefined;
  }

  close(): void {
    clearTimeout(this.#fall);
    this.#wanted.clear();
  }

  get #highestWanted(): number | null {
    return this.#wanted.size === 0 ? null : Math.max(...this.#wanted.values());
  }

  #update(): void {
    const wanted = this.#highestWanted;
    clearTimeout(this.#fall);
    if (rank(wanted) > rank(this.#told)) this.#tell(wanted);
    else if (wanted !== this.#told) this.#fall = setTimeout(() => this.#tell(wanted), FALL_DELAY_MS);
  }

  #tell(layer: number | null): void {
    this.#told = layer;
    this.#isTold = true;
    this.#onChanged(layer);
  }
}

function rank(layer: number | null): number {
  return layer ?? -1;
}
