/** How the media of one who comes in is negotiated: the endpoint for it, and what the server begins by itself. */
import { type Call, followTracks, mayPublish } from '../../engine/index.ts';
import type { JoinProtocol, TrackSource } from '../../protocol/index.ts';
import type { ClientEndpoint, Membership } from '../memberships.ts';

/** One who speaks SDP is asked for their rights with each description: by then they are in the call. */
export function createEndpoint(call: Call, userId: string, protocol: JoinProtocol): ClientEndpoint {
  switch (protocol) {
    case 'mediasoup':
      return call.room.createNativeEndpoint(userId);
    case 'sdp':
      return call.room.createSdpEndpoint(userId, (source: TrackSource) => {
        const participant = call.participants.get(userId);
        return participant !== undefined && mayPublish(participant.permissions, source);
      });
    case 'p2p':
      return call.room.createRelayEndpoint();
  }
}

/** To one who speaks SDP the server offers whatever anybody publishes, for as long as they are in the call. */
export function beginOffering(
  { call, participant, endpoint }: Membership,
  { wantsSimulcast }: { readonly wantsSimulcast: boolean },
): void {
  if (endpoint.protocol !== 'sdp') return;
  followTracks(call, participant, (publication) => {
    if (participant.permissions.subscribe) endpoint.subscribe(publication);
  });
  endpoint.startOffering({ wantsSimulcast });
}
