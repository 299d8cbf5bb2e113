/** One participant of the load: publishes a microphone and a camera, and receives what the others in the room publish. */

import { deviceCapabilities } from './device.ts';
import type { Outlet } from './pacer.ts';
import type { Consumer, Sfu } from './sfu/sfu.ts';
import { connectToReceive, connectToSend, type ReceiveConnection } from './webrtc/connection.ts';
import { createAudioStream, createVideoStream } from './webrtc/rtp-stream.ts';

export class Member {
  readonly outlets: readonly Outlet[];
  readonly trackIds: readonly string[];
  readonly #sfu: Sfu;
  #receiving: ReceiveConnection | undefined;

  /** `ssrc` and the one after it are its own. */
  static async publish(sfu: Sfu, ssrc: number): Promise<Member> {
    const device = deviceCapabilities(sfu.rtpCapabilities);
    const transport = await sfu.createTransport('send', device);
    const streams = [createAudioStream(ssrc), createVideoStream(ssrc + 1)];
    const connect = (dtls: Parameters<Sfu['connect']>[1]) => sfu.connect(transport.transportId, dtls);
    const connection = await connectToSend({ transport, connect }, streams);
    const trackIds: string[] = [];
    for (const { kind, rtpParameters } of streams) {
      trackIds.push(await sfu.produce(transport.transportId, kind, rtpParameters));
    }
    return new Member(
      sfu,
      trackIds,
      streams.map((stream) => ({ connection, stream })),
    );
  }

  private constructor(sfu: Sfu, trackIds: readonly string[], outlets: readonly Outlet[]) {
    this.#sfu = sfu;
    this.trackIds = trackIds;
    this.outlets = outlets;
  }

  /** 0 unless packets are counted. */
  get packetsReceived(): number {
    return this.#receiving?.packetsReceived ?? 0;
  }

  /** Receives these tracks, all over one transport. */
  async receive(trackIds: readonly string[], options: { readonly isCounting: boolean }): Promise<void> {
    const sfu = this.#sfu;
    const transport = await sfu.createTransport('recv', deviceCapabilities(sfu.rtpCapabilities));
    const consumers: Consumer[] = [];
    for (const trackId of trackIds) consumers.push(await sfu.consume(trackId));
    const connect = (dtls: Parameters<Sfu['connect']>[1]) => sfu.connect(transport.transportId, dtls);
    this.#receiving = await connectToReceive({ transport, connect }, consumers, options);
    for (const { consumerId } of consumers) await sfu.resume(consumerId);
  }

  async close(): Promise<void> {
    this.#receiving?.close();
    for (const connection of new Set(this.outlets.map((outlet) => outlet.connection))) connection.close();
    await this.#sfu.close();
  }
}
