/** `join`: how a socket gets into a call, through the lobby where there is one. */
import { AppError } from '../../lib/index.ts';
import type { Joined, RequestData } from '../../protocol/index.ts';
import { Later } from '../later.ts';
import { enter, type Joining } from './enter.ts';
import type { SocketContext, SocketHandler } from './handler.ts';
import { checkMetadata } from './metadata.ts';

export const join: SocketHandler<'join'> = {
  needs: 'socket',
  async handle({ session, services }, data, { roomId }) {
    session.demandFree();
    checkMetadata(data.metadata);
    return comeIn({ session, services }, roomId, data).catch((error: unknown) => {
      // It ended between the door and the step in. Whoever comes a moment later finds the next one, or none.
      if (!(error instanceof AppError && error.code === 'call_ended')) throw error;
      return comeIn({ session, services }, roomId, data);
    });
  },
};

async function comeIn(
  { session, services }: SocketContext,
  roomId: string,
  data: RequestData<'join'>,
): Promise<Joined | Later<Joined>> {
  const entrance = await services.calls.openDoor(session.identity, roomId);
  const { userId } = session.identity;
  entrance.call.checkRoomFor(userId, entrance.permissions);
  const isWaved = entrance.permissions.moderate || entrance.call.participants.has(userId);
  if (!entrance.hasLobby || isWaved || entrance.permissions.hidden) {
    return enter({ session, services, entrance }, data);
  }
  return new Later(waitInLobby({ session, services, entrance }, data));
}

async function waitInLobby(joining: Joining, data: RequestData<'join'>): Promise<Joined> {
  const { session, entrance } = joining;
  const guest = { userId: session.identity.userId, name: data.name ?? session.identity.name };
  const outcome = entrance.call.lobby.wait(guest);
  session.waitFor(entrance.call);
  session.tell({ type: 'lobby-waiting', data: { waiting: [guest] } });
  const decision = await outcome;
  session.stopWaiting();
  if (decision === 'admitted') {
    // Another token may have come meanwhile, with fewer rights.
    const permissions = joining.services.calls.permissionsIn(session.identity, entrance.call);
    return enter({ ...joining, entrance: { ...entrance, permissions } }, data);
  }
  if (decision === 'refused') throw new AppError('forbidden', 'You were not let in.');
  throw entrance.call.isEnded
    ? new AppError('call_ended', 'The call has ended.')
    : new AppError('invalid_state', 'You wait no longer.');
}
