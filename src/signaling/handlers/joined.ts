/** What one who is in a call, newly or again, is told about it. */
import { describeTrack, type Participant } from '../../engine/index.ts';
import type { Changes, Joined } from '../../protocol/index.ts';
import type { ClientEndpoint } from '../memberships.ts';
import type { Entrance, SignalingServices } from './handler.ts';

export interface JoinedParts {
  readonly entrance: Entrance;
  readonly participant: Participant;
  readonly endpoint: ClientEndpoint;
  readonly services: SignalingServices;
  readonly resumeToken: string;
  readonly isResumed: boolean;
  readonly changes?: Changes;
  /** Made on the way in. */
  readonly transports?: Joined['transports'];
}

export function describeJoined(parts: JoinedParts): Joined {
  const { participant, endpoint, services } = parts;
  const { call, title } = parts.entrance;
  return {
    roomId: call.roomId,
    callId: call.callId,
    title,
    userId: participant.userId,
    name: participant.name,
    protocol: endpoint.protocol,
    participants: call.visibleParticipants
      .filter((other) => other !== participant)
      .map((other) => other.describe()),
    routerRtpCapabilities: call.room.rtpCapabilities,
    iceServers: services.iceServersFor(participant.userId),
    encodings: services.encodings,
    recording: call.recording,
    permissions: participant.permissions,
    activeSpeaker: call.room.activeSpeaker,
    isLocked: call.isLocked,
    generation: endpoint.generation,
    ...(parts.transports && { transports: parts.transports }),
    resumeToken: parts.resumeToken,
    isResumed: parts.isResumed,
    tracks: [...participant.publications.values()].map(describeTrack),
    consumers: endpoint.subscriptions.describe(),
    ...(parts.changes && { changes: parts.changes }),
  };
}
