/** From a checked message to its handler: who speaks, whether they are in the call, and whether they may. */
import { AppError } from '../lib/index.ts';
import type { Permissions } from '../protocol/index.ts';
import type { SignalingServices } from './handlers/handler.ts';
import { handlers } from './handlers/index.ts';
import type { Later } from './later.ts';
import type { ClientMessage } from './parse.ts';
import type { Session } from './session.ts';
import type { Answer } from './voice.ts';

export async function dispatch(
  session: Session,
  message: ClientMessage,
  services: SignalingServices,
): Promise<Answer | Later<Answer>> {
  if (message.userId !== undefined && message.userId !== session.identity.userId) {
    throw new AppError(
      'forbidden',
      'Nobody speaks for somebody else: leave userId out, or make it your own.',
    );
  }
  const handler = handlers[message.type];
  if (handler.needs === 'socket') {
    return handler.handle({ session, services }, message.data as never, message);
  }
  const { membership } = session;
  if (!membership || membership.call.roomId !== message.roomId) {
    throw new AppError('not_joined', `You are not in the call "${message.roomId}"; send "join" first.`);
  }
  demand(membership.participant.permissions, handler.permission, message);
  return handler.handle({ ...membership, services }, message.data as never, message);
}

function demand(
  permissions: Permissions,
  isAllowed: ((permissions: Permissions, data: never) => boolean) | undefined,
  message: ClientMessage,
): void {
  if (isAllowed && !isAllowed(permissions, message.data as never)) {
    throw new AppError('forbidden', `You may not send "${message.type}" in this call.`);
  }
}
