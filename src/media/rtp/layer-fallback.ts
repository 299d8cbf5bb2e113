/**
 * What a tap does when the layer that it takes out stops without notice: it takes the next lower one, long before the worker
 * notices (1.5 s), and wants the highest again a little later.
 */
import type { Consumer } from 'mediasoup/types';
import { askMediasoup } from '../refusal.ts';

/** By then the worker knows which layers flow; one that does is switched to at its next keyframe, one that does not is passed over. */
const RETURN_MS = 2_000;

export class LayerFallback {
  readonly #consumer: Consumer;
  readonly #highestLayer: number;
  #preferred: number;
  #return: Timer | undefined;

  constructor(consumer: Consumer, highestLayer: number) {
    this.#consumer = consumer;
    this.#highestLayer = highestLayer;
    this.#preferred = highestLayer;
  }

  /** Resolves to false when there is no lower layer. Rejects when the track ends meanwhile. */
  async stepDown(): Promise<boolean> {
    if (this.#consumer.type !== 'simulcast') return false;
    const current = Math.min(this.#preferred, this.#consumer.currentLayers?.spatialLayer ?? this.#preferred);
    if (current === 0) return false;
    clearTimeout(this.#return);
    this.#return = setTimeout(() => this.#stepUp(), RETURN_MS);
    await this.#prefer(current - 1);
    return true;
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
    this.#preferred = spatialLayer;
    await askMediasoup('The layer cannot be chosen', this.#consumer.setPreferredLayers({ spatialLayer }));
  }
}
