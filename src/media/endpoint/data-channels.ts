/** The data channels of one client: those that it opened, and those of others that it listens to. */
import type { DataConsumer } from 'mediasoup/types';
import { AppError } from '../../lib/index.ts';
import type { CallEvent, RequestData, RequestResponse } from '../../protocol/index.ts';
import { DataChannel } from '../room/data-channel.ts';
import type { Home } from '../room/home.ts';
import type { Pipes, Release } from '../room/pipes.ts';
import type { ClientTransport } from './transport.ts';

/** More than any application opens; a bound on what one client can make the worker hold. */
const MAX_CHANNELS = 16;

export interface DataChannelsOptions {
  readonly userId: string;
  readonly pipes: Pipes;
  readonly onOpened: (channel: DataChannel) => void;
  readonly tell: (event: CallEvent) => void;
}

export class DataChannels {
  readonly #options: DataChannelsOptions;
  readonly #own = new Map<string, DataChannel>();
  /** By channel id. */
  readonly #heard = new Map<string, { readonly consumer: DataConsumer; readonly release: Release }>();

  constructor(options: DataChannelsOptions) {
    this.#options = options;
  }

  /** Those that this client opened, by channel id. */
  get own(): ReadonlyMap<string, DataChannel> {
    return this.#own;
  }

  async open(
    transport: ClientTransport,
    home: Home,
    request: RequestData<'produce-data'>,
  ): Promise<DataChannel> {
    if (this.#own.size >= MAX_CHANNELS) {
      throw new AppError('invalid_state', `More than ${MAX_CHANNELS} data channels cannot be open at once.`);
    }
    const { sctpStreamParameters, label = '', protocol = '' } = request;
    const producer = await transport.produceData({ sctpStreamParameters, label, protocol });
    const channel = new DataChannel(producer, { userId: this.#options.userId, home });
    this.#own.set(channel.channelId, channel);
    channel.events.on('closed', () => this.#own.delete(channel.channelId));
    this.#options.onOpened(channel);
    return channel;
  }

  async listenTo(
    transport: ClientTransport,
    home: Home,
    channel: DataChannel,
  ): Promise<RequestResponse<'consume-data'>> {
    const { channelId, userId, label, protocol } = channel;
    if (this.#heard.has(channelId))
      throw new AppError('invalid_state', 'The data channel is being consumed already.');
    const source = { kind: 'data' as const, id: channelId, home: channel.home };
    const release = await this.#options.pipes.lease(source, home);
    const consumer = await transport.consumeData({ dataProducerId: channelId }).catch((error: unknown) => {
      release();
      throw error;
    });
    const { sctpStreamParameters } = consumer;
    if (!sctpStreamParameters) {
      release();
      throw new AppError('invalid_state', 'The data channel goes over no SCTP stream.');
    }
    this.#heard.set(channelId, { consumer, release });
    consumer.on('dataproducerclose', () => this.#forget(channelId, consumer.id));
    consumer.on('transportclose', () => this.#forget(channelId, consumer.id));
    return { dataConsumerId: consumer.id, channelId, userId, sctpStreamParameters, label, protocol };
  }

  /** Ends listening to every channel of others, and tells the client. */
  stopListening(): void {
    for (const [channelId, { consumer }] of [...this.#heard]) {
      consumer.close();
      this.#forget(channelId, consumer.id);
    }
  }

  close(): void {
    for (const channel of [...this.#own.values()]) channel.close();
    for (const { consumer, release } of this.#heard.values()) {
      consumer.close();
      release();
    }
    this.#heard.clear();
  }

  #forget(channelId: string, dataConsumerId: string): void {
    const heard = this.#heard.get(channelId);
    if (!heard) return;
    this.#heard.delete(channelId);
    heard.release();
    this.#options.tell({ type: 'data-consumer-closed', data: { dataConsumerId, channelId } });
  }
}
