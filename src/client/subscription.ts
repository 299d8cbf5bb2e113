/** One consumer: keeps what the server forwards in line with what is wanted of its track. */
import type { types } from 'mediasoup-client';
import type { ConsumerCreated, Layers } from '../protocol/index.ts';
import { type RemoteTrack, sameLayers } from './remote-track.ts';
import type { SignalingConnection } from './signaling-connection.ts';

export class Subscription {
  readonly track: RemoteTrack;
  readonly #consumer: types.Consumer;
  readonly #connection: SignalingConnection;
  readonly #hasLayers: boolean;
  /** What the server was told; a consumer is born paused. */
  #isFlowing = false;
  #layers: Layers | undefined;
  #isAligning = false;
  #isClosed = false;

  constructor(
    track: RemoteTrack,
    consumer: types.Consumer,
    { connection, type }: { connection: SignalingConnection; type: ConsumerCreated['type'] },
  ) {
    this.track = track;
    this.#consumer = consumer;
    this.#connection = connection;
    this.#hasLayers = type !== 'simple';
    track.attach(consumer.track);
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
        await this.#connection.request('set-preferred-layers', { consumerId, ...layers });
        this.#layers = layers;
      } else if (isShown !== this.#isFlowing) {
        await this.#connection.request(isShown ? 'resume-consumer' : 'pause-consumer', { consumerId });
        this.#isFlowing = isShown;
      } else return;
    }
  }
}
