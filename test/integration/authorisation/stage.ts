/** One caller in one call, beside somebody who publishes: makes what a message needs, as far as the caller is allowed to. */
import type { Joined } from '../../../src/protocol/index.ts';
import { createCall } from '../../support/people.ts';
import { opusParameters } from '../../support/rtp.ts';
import type { TestServer } from '../../support/server.ts';
import { SignalingClient } from '../../support/signaling-client.ts';

export interface Caller {
  readonly roomId: string;
  readonly token: string;
}

/** A call of `owner` with `target` in it, who may do everything that a participant may. */
export async function openCall(server: TestServer, roomId: string, access: 'open' | 'invited') {
  await createCall(server, 'owner', { id: roomId, access, invited: ['guest', 'target'] });
  const client = await SignalingClient.connect(
    server.url,
    await server.token('target', ['participant']),
    roomId,
  );
  await client.request('join', { protocol: 'mediasoup' });
  return client;
}

export class Stage {
  readonly client: SignalingClient;
  readonly joined: Joined;
  readonly token: string;
  readonly othersTrackId: string;
  readonly othersChannelId: string;

  static async set(server: TestServer, { roomId, token }: Caller, target: SignalingClient): Promise<Stage> {
    const { transportId } = await target.request('create-transport', { direction: 'send', hasData: true });
    const microphone = { kind: 'audio', source: 'microphone', rtpParameters: opusParameters() } as const;
    const { trackId } = await target.request('produce', { transportId, ...microphone });
    const { channelId } = await target.request('produce-data', {
      transportId,
      sctpStreamParameters: { streamId: 0 },
    });
    const client = await SignalingClient.connect(server.url, token, roomId);
    const joined = await client.request('join', { protocol: 'mediasoup' });
    return new Stage({ client, joined, token, othersTrackId: trackId, othersChannelId: channelId });
  }

  private constructor(
    parts: Pick<Stage, 'client' | 'joined' | 'token' | 'othersTrackId' | 'othersChannelId'>,
  ) {
    this.client = parts.client;
    this.joined = parts.joined;
    this.token = parts.token;
    this.othersTrackId = parts.othersTrackId;
    this.othersChannelId = parts.othersChannelId;
  }

  /** Of nobody when the caller may have none. */
  async sendTransportId(): Promise<string> {
    const { publish, data } = this.joined.permissions;
    if (publish.length === 0 && !data) return crypto.randomUUID();
    return (await this.client.request('create-transport', { direction: 'send', hasData: true })).transportId;
  }

  async receiveTransportId(): Promise<string> {
    const { permissions, routerRtpCapabilities: rtpCapabilities } = this.joined;
    if (!permissions.subscribe && !permissions.data) return crypto.randomUUID();
    const request = { direction: 'recv', hasData: true, rtpCapabilities } as const;
    return (await this.client.request('create-transport', request)).transportId;
  }

  async ownTrackId(): Promise<string> {
    if (this.joined.permissions.publish.length === 0) return crypto.randomUUID();
    const transportId = await this.sendTransportId();
    const microphone = { kind: 'audio', source: 'microphone', rtpParameters: opusParameters() } as const;
    return (await this.client.request('produce', { transportId, ...microphone })).trackId;
  }

  async ownConsumerId(): Promise<string> {
    if (!this.joined.permissions.subscribe) return crypto.randomUUID();
    await this.receiveTransportId();
    return (await this.client.request('consume', { trackId: this.othersTrackId })).consumerId;
  }
}
