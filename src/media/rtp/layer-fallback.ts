/**
 * What a tap does when the layer that it takes out stops without notice while lower ones flow: it takes the highest of those,
 * long before the worker notices (1.5 s), and wants the highest of all again a little later.
 */
import type { Consumer } from 'mediasoup/types';
import { askMediasoup } from '../refusal.ts';
import type { Publication } from '../room/publication.ts';

/** By then the worker knows which layers flow; one that does is switched to at its next keyframe, one that does not is passed over. */
const RETURN_MS = 2_000;
/** Layers are sent one after another, frame by frame: one that is ahead by no more than that is ahead of nothing. */
const MIN_PACKETS = 4;

export class LayerFallback {
  readonly #consumer: Consumer;
  readonly #publication: Publication;
  readonly #highestLayer: number;
  /** What had arrived of each layer when it was looked at first, since nothing comes out. */
  #before: readonly number[] | undefined;
  #return: Timer | undefined;

  constructor(consumer: Consumer, publication: Publication) {
    this.#consumer = consumer;
    this.#publication = publication;
    this.#highestLayer = publication.demand.highestLayer;
  }

  /** To be called again and again while nothing comes out. Rejects when the track ends meanwhile. */
  async look(): Promise<void> {
    if (this.#consumer.type !== 'simulcast') return;
    const counts = await this.#publication.packetCounts();
    const before = this.#before ?? counts;
    this.#before = before;
    const current = this.#consumer.currentLayers?.spatialLayer ?? this.#highestLayer;
    if (counts[current] !== before[current]) {
      this.#before = counts;
      return;
    }
    const lower = counts.findLastIndex(
      (count, layer) => layer < current && count - (before[layer] ?? 0) >= MIN_PACKETS,
    );
    if (lower === -1) return;
    this.#before = undefined;
    clearTimeout(this.#return);
    this.#return = setTimeout(() => this.#stepUp(), RETURN_MS);
    await this.#prefer(lower);
  }

  /** To be called when something comes out again. */
  forget(): void {
    this.#before = undefined;
  }

  /** Twice is no error. */
  close(): void {
    clearTimeout(this.#return);
  }

  #stepUp(): void {
    this.#prefer(this.#highestLayer).catch(() => {
      // The track ended meanwhile.
    });
  }

  async #prefer(spatialLayer: number): Promise<void> {
    await askMediasoup('The layer cannot be chosen', this.#consumer.setPreferredLayers({ spatialLayer }));
  }
}
