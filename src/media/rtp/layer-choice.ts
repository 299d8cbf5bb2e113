/**
 * Which layers a tap takes out: the highest that flow. Two things have to be gone around.
 *
 * A layer that stops without notice is missed by the worker only after 1.5 s, and one that begins again takes its time; here a
 * lower one that flows is taken long before, and the highest wanted again a little later.
 *
 * From a keyframe on, the worker lets temporal layers through one by one, as their sync frames come. While it waits for the
 * third layer of VP8 it counts a sync frame of the second one and does not send it, and for a reader that goes by the numbers of
 * the pictures the rest until the next keyframe is broken. So the second layer is all that is wanted until it is there.
 */
import type { Consumer, ConsumerLayers } from 'mediasoup/types';
import { askMediasoup } from '../refusal.ts';
import type { Publication } from '../room/publication.ts';

/** By then the worker knows which layers flow; one that does is switched to at its next keyframe, one that does not is passed over. */
const RETURN_MS = 2_000;
/** Layers are sent one after another, frame by frame: one that is ahead by no more than that is ahead of nothing. */
const MIN_PACKETS = 4;

export class LayerChoice {
  readonly #consumer: Consumer;
  readonly #publication: Publication;
  readonly #highestLayer: number;
  readonly #hasSteps: boolean;
  #spatialLayer: number;
  /** Of temporal layers; undefined: all there are. */
  #temporalLayer: number | undefined;
  /** What had arrived of each layer when it was looked at first, since nothing comes out. */
  #before: readonly number[] | undefined;
  #return: Timer | undefined;
  /** What had arrived of each layer long before anything may flow out. */
  readonly #early: Promise<readonly number[]>;

  constructor(consumer: Consumer, publication: Publication) {
    this.#consumer = consumer;
    this.#publication = publication;
    this.#highestLayer = publication.demand.highestLayer;
    this.#spatialLayer = this.#highestLayer;
    this.#hasSteps = consumer.type === 'simulcast' && hasThirdTemporalLayer(consumer);
    if (this.#hasSteps) consumer.on('layerschange', (layers) => this.#climb(layers));
    this.#early =
      consumer.type === 'simulcast' ? publication.packetCounts().catch(() => []) : Promise.resolve([]);
  }

  /** To be called before anything flows. Rejects when the track ends meanwhile. */
  async start(): Promise<void> {
    if (this.#hasSteps) await this.#prefer({ temporalLayer: 1 });
    if (this.#consumer.type === 'simulcast') await this.#beginWithWhatFlows();
    // Upper layers that need the lower ones come as pictures of their own, which a reader cannot put together.
    if (this.#consumer.type === 'svc') await this.#prefer({ spatialLayer: 0 });
  }

  /** The publisher may have stopped the highest layer until now, since nobody showed it. */
  async #beginWithWhatFlows(): Promise<void> {
    const [early, counts] = await Promise.all([this.#early, this.#publication.packetCounts()]);
    const flowing = counts.findLastIndex((count, layer) => count > (early[layer] ?? count));
    if (flowing === -1 || flowing === this.#highestLayer) return;
    this.#returnLater();
    await this.#prefer({ spatialLayer: flowing });
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
    this.#returnLater();
    await this.#prefer({ spatialLayer: lower, temporalLayer: this.#hasSteps ? 1 : undefined });
  }

  /** To be called when something comes out again. */
  forget(): void {
    this.#before = undefined;
  }

  /** Twice is no error. */
  close(): void {
    clearTimeout(this.#return);
  }

  #returnLater(): void {
    clearTimeout(this.#return);
    this.#return = setTimeout(
      () => this.#preferInBackground({ spatialLayer: this.#highestLayer }),
      RETURN_MS,
    );
  }

  #climb(layers: ConsumerLayers | undefined): void {
    if (!layers) return;
    const temporalLayer = (layers.temporalLayer ?? 0) === 0 ? 1 : undefined;
    if (temporalLayer !== this.#temporalLayer) this.#preferInBackground({ temporalLayer });
  }

  #preferInBackground(choice: { spatialLayer?: number; temporalLayer?: number | undefined }): void {
    this.#prefer(choice).catch(() => {
      // The track ended meanwhile.
    });
  }

  async #prefer(choice: { spatialLayer?: number; temporalLayer?: number | undefined }): Promise<void> {
    this.#spatialLayer = choice.spatialLayer ?? this.#spatialLayer;
    if ('temporalLayer' in choice) this.#temporalLayer = choice.temporalLayer;
    await askMediasoup(
      'The layers cannot be chosen',
      this.#consumer.setPreferredLayers({
        spatialLayer: this.#spatialLayer,
        ...(this.#temporalLayer !== undefined && { temporalLayer: this.#temporalLayer }),
      }),
    );
  }
}

/** W3C webrtc-svc: L1T3 has three temporal layers. */
function hasThirdTemporalLayer({ rtpParameters }: Consumer): boolean {
  const [codec] = rtpParameters.codecs;
  const mode = rtpParameters.encodings?.[0]?.scalabilityMode ?? '';
  return codec?.mimeType.toLowerCase() === 'video/vp8' && Number(mode.match(/T(\d+)/)?.[1] ?? 1) > 2;
}
