/** `resume`: the same participant on another socket, with everything that still works. */
import { AppError } from '../../lib/index.ts';
import type { Joined } from '../../protocol/index.ts';
import { compare, presenceIn } from '../presence.ts';
import { enter, type Joining } from './enter.ts';
import type { SocketHandler } from './handler.ts';
import { describeJoined } from './joined.ts';

export const resume: SocketHandler<'resume'> = {
  needs: 'socket',
  async handle({ session, services }, { resumeToken }, { roomId }) {
    session.demandFree();
    const { sub, name, protocol = 'mediasoup', ...claims } = await services.resumeTokens.verify(resumeToken);
    if (sub !== session.identity.userId || claims.roomId !== roomId) {
      throw new AppError('forbidden', 'This resume token belongs to somebody else, or to another call.');
    }
    const entrance = await services.calls.openDoor(session.identity, roomId);
    session.demandFree();
    const joining = { session, services, entrance };
    if (services.memberships.find(claims.participantId)) {
      return takeOver(joining, claims.participantId, resumeToken);
    }
    // After a restart nothing of it is left in memory: they come in again, with new transports, and wait in no lobby.
    if (services.isRecovering() && entrance.call.callId === claims.callId)
      return enter(joining, { name, protocol });
    throw new AppError('invalid_state', 'There is nothing left to resume; join instead.');
  },
};

/** Nothing waits in here: no message of the old socket and no event gets between. */
function takeOver(joining: Joining, participantId: string, resumeToken: string): Joined {
  const { session, services } = joining;
  const holder = services.memberships.find(participantId);
  const membership = holder?.membership;
  if (!holder || !membership)
    throw new AppError('invalid_state', 'There is nothing left to resume; join instead.');
  const { call, participant, endpoint } = membership;
  participant.permit(joining.entrance.permissions);
  const now = presenceIn(call, participant);
  const changes = compare(holder.lastSeen ?? now, now);
  holder.release();
  session.enter(membership);
  services.memberships.hold(participant, session);
  const joined = describeJoined({
    ...joining,
    participant,
    endpoint,
    resumeToken,
    isResumed: true,
    changes,
  });
  session.tell({ type: 'joined', data: joined });
  for (const event of endpoint.missed) session.tell(event);
  for (const event of participant.restoreConnection((told) => session.tell(told))) session.tell(event);
  return joined;
}
