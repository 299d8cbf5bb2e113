/** The last step into a call, for those who join and for those who come back after a restart. */
import { Participant } from '../../engine/index.ts';
import { newId } from '../../lib/index.ts';
import type { Joined, JoinProtocol, RequestData } from '../../protocol/index.ts';
import type { Session } from '../session.ts';
import type { Entrance, SignalingServices } from './handler.ts';
import { describeJoined } from './joined.ts';
import { beginOffering, createEndpoint } from './media-way.ts';

export interface Joining {
  readonly session: Session;
  readonly services: SignalingServices;
  readonly entrance: Entrance;
}

/** Nothing waits in here, so what the newcomer is told is still true when the others are told. */
export function enter(joining: Joining, data: RequestData<'join'>): Joined {
  const { session, services, entrance } = joining;
  const { call, permissions } = entrance;
  const { identity } = session;
  const { userId } = identity;
  const name = data.name ?? identity.name;
  const participantId = newId();
  const protocol = protocolOf(entrance, data);
  const resumeToken = services.resumeTokens.issue({
    sub: userId,
    roomId: call.roomId,
    callId: call.callId,
    participantId,
    name,
    protocol,
  });
  session.demandFree();
  call.checkRoomFor(userId, permissions);
  const endpoint = createEndpoint(call, userId, { protocol, participant: () => participant });
  const participant: Participant = new Participant({
    id: participantId,
    userId,
    name,
    metadata: data.metadata ?? {},
    permissions,
    endpoint,
    tell: (event) => session.tell(event),
  });
  call.admit(participant);
  session.enter({ call, participant, endpoint });
  services.memberships.hold(participant, session);
  const joined = describeJoined({ ...joining, participant, endpoint, resumeToken, isResumed: false });
  session.tell({ type: 'joined', data: joined });
  beginOffering({ call, participant, endpoint }, { wantsSimulcast: data.simulcast ?? false });
  if (permissions.moderate && call.lobby.guests.length > 0) {
    session.tell({ type: 'lobby-waiting', data: { waiting: call.lobby.guests } });
  }
  return joined;
}

/** Where the call is peer to peer, who speaks SDP does so with the others. */
function protocolOf({ topology }: Entrance, { protocol = 'sdp' }: RequestData<'join'>): JoinProtocol {
  return topology === 'p2p' && protocol === 'sdp' ? 'p2p' : protocol;
}
