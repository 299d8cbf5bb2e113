/** The last step into a call, for those who join and for those who come back after a restart. */
import { Participant } from '../../engine/index.ts';
import { newId } from '../../lib/index.ts';
import type { Joined, RequestData } from '../../protocol/index.ts';
import type { Session } from '../session.ts';
import type { Entrance, SignalingServices } from './handler.ts';
import { describeJoined } from './joined.ts';

export interface Joining {
  readonly session: Session;
  readonly services: SignalingServices;
  readonly entrance: Entrance;
}

/** Nothing waits in here, so what the newcomer is told is still true when the others are told. */
export function enter(joining: Joining, data: Pick<RequestData<'join'>, 'name' | 'metadata'>): Joined {
  const { session, services, entrance } = joining;
  const { call, permissions } = entrance;
  const { identity } = session;
  const { userId } = identity;
  const name = data.name ?? identity.name;
  const participantId = newId();
  const resumeToken = services.resumeTokens.issue({
    sub: userId,
    roomId: call.roomId,
    callId: call.callId,
    participantId,
    name,
  });
  session.demandFree();
  call.checkRoomFor(userId, permissions);
  const endpoint = call.room.createNativeEndpoint(userId);
  const participant = new Participant({
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
  if (permissions.moderate && call.lobby.guests.length > 0) {
    session.tell({ type: 'lobby-waiting', data: { waiting: call.lobby.guests } });
  }
  return joined;
}
