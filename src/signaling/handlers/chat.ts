/** Chat: to everyone in the call, or to one of them. */
import { AppError, newId } from '../../lib/index.ts';
import type { CallEvent } from '../../protocol/index.ts';
import type { CallHandler } from './handler.ts';

export const chat: CallHandler<'chat'> = {
  needs: 'call',
  permission: (permissions) => permissions.data,
  async handle({ call, participant }, { text }, { targetUserId }) {
    const chatId = newId();
    const sentAt = new Date().toISOString();
    const { userId, name } = participant;
    const event: CallEvent = {
      type: 'chat',
      data: { chatId, userId, name, text, sentAt, isPrivate: targetUserId !== undefined },
    };
    if (targetUserId === undefined) {
      call.broadcast(event, participant);
    } else {
      const target = call.participants.get(targetUserId);
      if (!target || target.isHidden)
        throw new AppError('not_found', `"${targetUserId}" is not in the call.`);
      target.tell(event);
    }
    call.noteChat(participant);
    return { chatId, sentAt };
  },
};
