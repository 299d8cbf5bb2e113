/** A participant of a Kaa call, over the signalling socket, as any client of it. */
import type { RtpCapabilities } from '../../../src/protocol/index.ts';
import { SignalingClient } from '../../../test/support/signaling-client.ts';
import type { Sfu } from './sfu.ts';

export async function joinKaa(url: string, token: string, roomId: string): Promise<Sfu> {
  const client = await SignalingClient.connect(url, token, roomId);
  const { routerRtpCapabilities } = await client.request('join', { protocol: 'mediasoup' });
  return {
    rtpCapabilities: routerRtpCapabilities,
    createTransport: (direction, rtpCapabilities: RtpCapabilities) =>
      client.request('create-transport', { direction, ...(direction === 'recv' && { rtpCapabilities }) }),
    connect: async (transportId, dtlsParameters) => {
      await client.request('connect-transport', { transportId, dtlsParameters });
    },
    produce: async (transportId, kind, rtpParameters) => {
      const source = kind === 'audio' ? 'microphone' : 'camera';
      return (await client.request('produce', { transportId, kind, source, rtpParameters })).trackId;
    },
    consume: (trackId) => client.request('consume', { trackId }),
    resume: async (consumerId) => {
      await client.request('resume-consumer', { consumerId });
    },
    close: async () => {
      await client.close();
    },
  };
}
