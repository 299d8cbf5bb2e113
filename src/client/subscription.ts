/** One consumer: keeps what the server forwards in line with what is wanted of its track. */
import type { types } from 'mediasoup-client';
import type { ConsumerCreated, Layers } from '../protocol/index.ts';
import { type RemoteTrack, sameLayers } from './remote-track.ts';
import type { SignalingLine } from './signaling-line.ts';

export class Subscription {
  readonly track: RemoteTrack;
  readonly #consumer: types.Consumer;
  readonly #line: SignalingLine;
  readonly #hasLayers: boolean;
  /** What the server was told; a consumer is born paused. */
  #isFlowing = false;
  #layers: Layers | undefined;
  #isAligning = false;
  #isClosed = false;

  constructor(
    track: RemoteTrack,
    consumer: types.Consumer,
    { line, type }: { line: SignalingLine; type: ConsumerCreated['type'] },
  ) {
    this.track = track;
    this.#consumer = consumer;
    this.#line = line;
    this.#hasLayers = type !== 'simple';
    track.attach(consumer.track);
    this.align();
  }

  get consumerId(): string {
    return this.#consumer.id;
  }

  /** On another socket: whether the last requests came through is known from the server alone. */
  resync(isPaused: boolean): void {
    this.#isFlowing = !isPaused;
    this.#layers = undefined;
    this.align();
  }

  /** Tells the server what is wanted now, one request after the other; requests that were overtaken are left out. */
  align(): void {
    if (this.#isAligning) return;
    this.#isAligning = true;
    this.#alignAll()
      .catch(() => {
        // The consumer or its socket is gone: an event about that is on its way, or has come.
      })
      .finally(() => {
        this.#isAligning = false;
      });
  }

  /** Twice is no error. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#consumer.close();
    this.track.detach();
  }

  async #alignAll(): Promise<void> {
    const consumerId = this.#consumer.id;
    while (!this.#isClosed) {
      const { isShown, layers } = this.track.demand;
      // Layers first, so that what starts to flow flows in the right size.
      if (this.#hasLayers && isShown && layers && !sameLayers(layers, this.#layers)) {
        await this.#line.request('set-preferred-layers', { consumerId, ...layers });
        this.#layers = layers;
      } else if (isShown !== this.#isFlowing) {
        await this.#line.request(isShown ? 'resume-consumer' : 'pause-consumer', { consumerId });
        this.#isFlowing = isShown;
      } else return;
    }
  }
}
