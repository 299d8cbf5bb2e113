/** Somebody who joins a call and publishes without sending anything: all of a join that a server has to work for. */
import { opusParameters, vp8Parameters } from '../../test/support/rtp.ts';
import { SignalingClient } from '../../test/support/signaling-client.ts';

export class Visitor {
  readonly #client: SignalingClient;

  /** Opens the socket, and joins nothing yet. */
  static async connect(url: string, token: string, roomId: string): Promise<Visitor> {
    return new Visitor(await SignalingClient.connect(url, token, roomId));
  }

  private constructor(client: SignalingClient) {
    this.#client = client;
  }

  async join(): Promise<void> {
    await this.#client.request('join', { protocol: 'mediasoup' });
  }

  /** Joins with both transports and publishes a microphone and a camera, one after another as our SDK does. */
  async joinAndPublish(): Promise<void> {
    const { transports } = await this.#client.request('join', {
      protocol: 'mediasoup',
      transports: { send: {}, recv: {} },
    });
    const transportId = transports?.send?.transportId;
    if (transportId === undefined) throw new Error('no transport came with the answer');
    await this.#client.request('produce', {
      transportId,
      kind: 'audio',
      source: 'microphone',
      rtpParameters: opusParameters(),
    });
    await this.#client.request('produce', {
      transportId,
      kind: 'video',
      source: 'camera',
      rtpParameters: vp8Parameters(),
    });
  }

  async leave(): Promise<void> {
    await this.#client.request('leave', {});
  }

  async close(): Promise<void> {
    await this.#client.close();
  }
}
