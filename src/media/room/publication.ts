/** One published track as the rest of the call sees it: an identity that outlives transports, around one producer. */
import type { Producer, RtpParameters } from 'mediasoup/types';
import { Emitter, type Listenable } from '../../lib/index.ts';
import type { MediaKind, TrackSource } from '../../protocol/index.ts';
import { highestLayers, type TrackFlow, toFlow } from '../endpoint/flow-stats.ts';
import { askMediasoup } from '../refusal.ts';
import type { Home } from './home.ts';
import { LayerDemand } from './layer-demand.ts';
import { ScoreAverage, type ScoreTime } from './score-average.ts';

export interface PublicationOptions {
  readonly trackId: string;
  readonly userId: string;
  readonly source: TrackSource;
  readonly generation: number;
  readonly home: Home;
  /** As its producer was made with: a producer gives a deep copy each time that it is asked. */
  readonly rtpParameters: RtpParameters;
}

/** How long a track whose worker died waits for its owner to publish it again, in milliseconds. */
const LOST_PATIENCE_MS = 30_000;

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
  /** Where it arrives. */
  readonly home: Home;
  /** What its viewers show of it. */
  readonly demand: LayerDemand;
  readonly #producer: Producer;
  /** What is sent, with the sender's number. */
  readonly codec: RtpParameters['codecs'][number] | undefined;
  readonly #clockRate: number;
  readonly #emitter = new Emitter<PublicationEvents>();
  readonly #score = new ScoreAverage();
  #isClosed = false;
  /** Set while it is lost: when it is given up. */
  #lost: Timer | undefined;
  #isMutedWhileLost = false;

  constructor(producer: Producer, options: PublicationOptions) {
    this.#producer = producer;
    this.trackId = options.trackId;
    this.userId = options.userId;
    this.source = options.source;
    this.generation = options.generation;
    this.home = options.home;
    this.codec = options.rtpParameters.codecs[0];
    this.#clockRate = this.codec?.clockRate ?? 1;
    this.demand = new LayerDemand(highestLayerOf(options.rtpParameters), (layer) => {
      if (producer.type !== 'simple') this.#emitter.emit('demandChanged', layer);
    });
    producer.on('transportclose', () => (this.home.isLost ? this.#lose() : this.close()));
    producer.on('score', () => this.#noteScore());
  }

  get events(): Listenable<PublicationEvents> {
    return this.#emitter;
  }

  get kind(): MediaKind {
    return this.#producer.kind;
  }

  /** Of its first codec, such as `video/VP8`. */
  get mimeType(): string {
    return this.#producer.rtpParameters.codecs[0]?.mimeType ?? '';
  }

  get producerId(): string {
    return this.#producer.id;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** What `demandChanged` said last; undefined while it said nothing. */
  get toldDemand(): number | null | undefined {
    return this.#producer.type === 'simple' ? undefined : this.demand.told;
  }

  /** Whether its worker died: nothing of it flows until its owner publishes it again, as another publication of the same track. */
  get isLost(): boolean {
    return this.#lost !== undefined;
  }

  /** Whether somebody paused it while it was lost: it has to be paused when it comes back. */
  get isMutedWhileLost(): boolean {
    return this.#isMutedWhileLost;
  }

  get isPaused(): boolean {
    return this.#producer.paused || this.#isMutedWhileLost;
  }

  /** How well it arrived so far, while it was not paused; to be averaged with that of other tracks. */
  get scoreTime(): ScoreTime {
    return this.#score.read(performance.now());
  }

  /** What arrives now. Rejects when the track ends meanwhile. */
  async stats(): Promise<TrackFlow> {
    const streams = await this.#producer.getStats();
    return {
      trackId: this.trackId,
      kind: this.kind,
      ...toFlow(streams, this.#clockRate),
      layers: this.kind === 'audio' ? null : highestLayers(streams),
    };
  }

  /** How many packets of each encoding have arrived so far, low to high. Rejects when the track ends meanwhile. */
  async packetCounts(): Promise<number[]> {
    const streams = await this.#producer.getStats();
    const { encodings = [] } = this.#producer.rtpParameters;
    return encodings.map(({ rid, ssrc }) => {
      const stream = streams.find((other) => (rid === undefined ? other.ssrc === ssrc : other.rid === rid));
      return stream?.packetCount ?? 0;
    });
  }

  /** Stops the track for everybody. Says `changed` only when it was not paused before. */
  async pause(): Promise<void> {
    if (this.#isClosed || this.isPaused) return;
    if (this.isLost) this.#isMutedWhileLost = true;
    else await this.#ask(this.#producer.pause());
    this.#noteScore();
    this.#emitter.emit('changed', undefined);
  }

  async resume(): Promise<void> {
    if (this.#isClosed || !this.isPaused) return;
    if (this.isLost) this.#isMutedWhileLost = false;
    else await this.#ask(this.#producer.resume());
    this.#noteScore();
    this.#emitter.emit('changed', undefined);
  }

  /** Twice is no error. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    clearTimeout(this.#lost);
    this.#score.note(undefined, performance.now());
    this.demand.close();
    this.#producer.close();
    this.#emitter.emit('closed', undefined);
    this.#emitter.removeAll();
  }

  #lose(): void {
    this.#score.note(undefined, performance.now());
    this.#lost = setTimeout(() => this.close(), LOST_PATIENCE_MS);
  }

  /** What closes on the way needs no pause and no resuming any more. */
  async #ask(request: Promise<void>): Promise<void> {
    try {
      await askMediasoup('The track cannot be changed', request);
    } catch (error) {
      if (!this.#isClosed && !this.isLost) throw error;
    }
  }

  /** Of several simulcast streams the best counts: those that nobody watches are not sent. */
  #noteScore(): void {
    if (this.#isClosed || this.isLost) return;
    const scores = this.#producer.paused ? [] : this.#producer.score.map(({ score }) => score);
    this.#score.note(scores.length === 0 ? undefined : Math.max(...scores), performance.now());
  }
}

/** Simulcast has an encoding a layer; SVC names its layers in the scalability mode (W3C webrtc-svc: L3T3 has three). */
function highestLayerOf({ encodings = [] }: RtpParameters): number {
  const mode = encodings[0]?.scalabilityMode?.match(/^[LS](\d+)/)?.[1];
  return Math.max(encodings.length, Number(mode ?? 1)) - 1;
}
