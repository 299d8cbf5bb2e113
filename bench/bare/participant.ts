/** One client of the bare script: its transports and what goes over them. */
import type { Consumer, Router, RtpCapabilities, WebRtcTransport } from 'mediasoup/types';
import type { RtpParameters, RtpCapabilities as WireCapabilities } from '../../src/protocol/index.ts';
import type { BareMethods } from './protocol.ts';
import { type BareRooms, KEYFRAME_REQUEST_DELAY_MS } from './rooms.ts';

export class BareParticipant implements BareMethods {
  readonly #rooms: BareRooms;
  readonly #transports = new Map<string, WebRtcTransport>();
  readonly #consumers = new Map<string, Consumer>();
  #router: Router | undefined;
  #receiving: WebRtcTransport | undefined;
  #rtpCapabilities: RtpCapabilities = {};

  constructor(rooms: BareRooms) {
    this.#rooms = rooms;
  }

  async enter({ roomId }: Parameters<BareMethods['enter']>[0]) {
    this.#router = await this.#rooms.router(roomId);
    return this.#router.rtpCapabilities as WireCapabilities;
  }

  async createTransport({ direction, rtpCapabilities }: Parameters<BareMethods['createTransport']>[0]) {
    if (!this.#router) throw new Error('enter a room first');
    const transport = await this.#rooms.createTransport(this.#router);
    this.#transports.set(transport.id, transport);
    if (direction === 'recv') {
      this.#receiving = transport;
      this.#rtpCapabilities = rtpCapabilities as RtpCapabilities;
    }
    const { id, iceParameters, iceCandidates, dtlsParameters } = transport;
    return { transportId: id, iceParameters, iceCandidates, dtlsParameters };
  }

  async connect({ transportId, dtlsParameters }: Parameters<BareMethods['connect']>[0]) {
    await this.#transport(transportId).connect({ dtlsParameters });
  }

  async produce({ transportId, kind, rtpParameters }: Parameters<BareMethods['produce']>[0]) {
    const producer = await this.#transport(transportId).produce({
      kind,
      rtpParameters: rtpParameters as never,
      keyFrameRequestDelay: KEYFRAME_REQUEST_DELAY_MS,
    });
    return producer.id;
  }

  async consume({ trackId }: Parameters<BareMethods['consume']>[0]) {
    if (!this.#receiving) throw new Error('create a receive transport first');
    const consumer = await this.#receiving.consume({
      producerId: trackId,
      rtpCapabilities: this.#rtpCapabilities,
      paused: true,
    });
    this.#consumers.set(consumer.id, consumer);
    return {
      consumerId: consumer.id,
      kind: consumer.kind,
      rtpParameters: consumer.rtpParameters as RtpParameters,
    };
  }

  async resume({ consumerId }: Parameters<BareMethods['resume']>[0]) {
    await this.#consumers.get(consumerId)?.resume();
  }

  close(): void {
    for (const transport of this.#transports.values()) transport.close();
  }

  #transport(transportId: string): WebRtcTransport {
    const transport = this.#transports.get(transportId);
    if (!transport) throw new Error(`there is no transport ${transportId}`);
    return transport;
  }
}
