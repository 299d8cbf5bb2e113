/** Follows every consumer of a process through mediasoup's observer, and adds up what mediasoup itself has counted. */
import { observer } from 'mediasoup';
import type { Consumer, Producer, Router, Transport, Worker } from 'mediasoup/types';

export interface StreamCounts {
  /** Packets that consumers have sent, without retransmissions. */
  readonly packetsForwarded: number;
  readonly packetsReceived: number;
  readonly consumers: number;
  readonly producers: number;
}

export class StreamCounter {
  readonly #producers = new Set<Producer>();
  readonly #consumers = new Set<Consumer>();

  /** From now on; what exists already is not seen. */
  constructor() {
    observer.on('newworker', (worker: Worker) => {
      worker.observer.on('newrouter', (router: Router) => {
        router.observer.on('newtransport', (transport: Transport) => this.#follow(transport));
      });
    });
  }

  /** Rejects when one ends meanwhile: count while nothing changes. */
  async count(): Promise<StreamCounts> {
    const [sent, received] = await Promise.all([
      Promise.all([...this.#consumers].map(packetsOf('outbound-rtp'))),
      Promise.all([...this.#producers].map(packetsOf('inbound-rtp'))),
    ]);
    return {
      packetsForwarded: sum(sent),
      packetsReceived: sum(received),
      consumers: sent.length,
      producers: received.length,
    };
  }

  #follow(transport: Transport): void {
    transport.observer.on('newproducer', (producer: Producer) => {
      this.#producers.add(producer);
      producer.observer.on('close', () => this.#producers.delete(producer));
    });
    transport.observer.on('newconsumer', (consumer: Consumer) => {
      this.#consumers.add(consumer);
      consumer.observer.on('close', () => this.#consumers.delete(consumer));
    });
  }
}

interface Counted {
  getStats(): Promise<readonly { readonly type: string; readonly packetCount: number }[]>;
}

/** A consumer tells of its producer's streams too. */
function packetsOf(type: 'inbound-rtp' | 'outbound-rtp') {
  return async (counted: Counted): Promise<number> => {
    const stats = await counted.getStats();
    return sum(stats.filter((entry) => entry.type === type).map(({ packetCount }) => packetCount));
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
