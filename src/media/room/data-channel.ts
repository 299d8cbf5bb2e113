/** One data channel that a participant opened to everyone, around one data producer. */
import type { DataProducer } from 'mediasoup/types';
import { Emitter, type Listenable } from '../../lib/index.ts';
import type { Home } from './home.ts';

interface DataChannelEvents extends Record<string, unknown> {
  /** Emitted exactly once. */
  closed: undefined;
}

export class DataChannel {
  readonly userId: string;
  /** Where its messages arrive. */
  readonly home: Home;
  readonly #producer: DataProducer;
  readonly #emitter = new Emitter<DataChannelEvents>();
  #isClosed = false;

  constructor(producer: DataProducer, options: { readonly userId: string; readonly home: Home }) {
    this.#producer = producer;
    this.userId = options.userId;
    this.home = options.home;
    producer.on('transportclose', () => this.close());
  }

  get events(): Listenable<DataChannelEvents> {
    return this.#emitter;
  }

  get channelId(): string {
    return this.#producer.id;
  }

  get label(): string {
    return this.#producer.label;
  }

  get protocol(): string {
    return this.#producer.protocol;
  }

  /** Twice is no error. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#producer.close();
    this.#emitter.emit('closed', undefined);
    this.#emitter.removeAll();
  }
}
