/** Chat: to everyone in the call, or to one of them. */
import { newId } from '../../lib/index.ts';
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
    call.say(event, participant, targetUserId);
    call.noteChat(participant);
    return { chatId, sentAt };
  },
};
