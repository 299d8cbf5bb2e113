/** People in calls, for tests: who joins, who publishes, who comes back. */
import type { Joined } from '../../src/protocol/index.ts';
import { opusParameters } from './rtp.ts';
import type { TestServer } from './server.ts';
import { SignalingClient } from './signaling-client.ts';

export async function connect(server: TestServer, userId: string, roomId: string): Promise<SignalingClient> {
  return SignalingClient.connect(server.url, await server.token(userId), roomId);
}

export async function join(server: TestServer, userId: string, roomId: string) {
  const client = await connect(server, userId, roomId);
  const joined = await client.request('join', { protocol: 'mediasoup' });
  return { client, joined };
}

/** Makes a receive transport for a device that can receive whatever the room forwards. */
export async function receive(client: SignalingClient, { routerRtpCapabilities }: Joined): Promise<void> {
  await client.request('create-transport', { direction: 'recv', rtpCapabilities: routerRtpCapabilities });
}

/** Makes a send transport and publishes a microphone over it; the same as before when `trackId` is given. */
export async function publishMicrophone(client: SignalingClient, track: { readonly trackId?: string } = {}) {
  const { transportId } = await client.request('create-transport', { direction: 'send' });
  return client.request('produce', {
    transportId,
    kind: 'audio',
    source: 'microphone',
    rtpParameters: opusParameters(),
    ...track,
  });
}

/** Creates a call over REST and gives its body. */
export async function createCall(server: TestServer, userId: string, body: Record<string, unknown>) {
  const response = await fetch(`${server.url}/video-calls`, {
    method: 'POST',
    headers: { authorization: `Bearer ${await server.token(userId)}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!response.ok)
    throw new Error(`creating a call was answered ${response.status}: ${await response.text()}`);
  return response.json();
}
