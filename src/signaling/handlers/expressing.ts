/** What participants show of themselves: hands, reactions, name and metadata. */
import { AppError } from '../../lib/index.ts';
import type { CallEvent } from '../../protocol/index.ts';
import type { CallHandler } from './handler.ts';
import { checkMetadata } from './metadata.ts';

export const raiseHand: CallHandler<'raise-hand'> = {
  needs: 'call',
  async handle({ participant }) {
    participant.raiseHand(true);
    return {};
  },
};

export const lowerHand: CallHandler<'lower-hand'> = {
  needs: 'call',
  async handle({ call, participant }, _data, { targetUserId }) {
    if (
      targetUserId !== undefined &&
      targetUserId !== participant.userId &&
      !participant.permissions.moderate
    ) {
      throw new AppError('forbidden', 'Only a moderator takes down the hand of somebody else.');
    }
    const target = targetUserId === undefined ? participant : call.participants.get(targetUserId);
    if (!target) throw new AppError('not_found', `"${targetUserId}" is not in the call.`);
    target.raiseHand(false);
    return {};
  },
};

export const reaction: CallHandler<'reaction'> = {
  needs: 'call',
  permission: (permissions) => permissions.data,
  async handle({ call, participant }, data, { targetUserId }) {
    const { userId } = participant;
    const isPrivate = targetUserId !== undefined;
    const event: CallEvent = { type: 'reaction', data: { userId, reaction: data.reaction, isPrivate } };
    call.say(event, participant, targetUserId);
    return {};
  },
};

export const updateMetadata: CallHandler<'update-metadata'> = {
  needs: 'call',
  async handle({ participant }, data) {
    checkMetadata(data.metadata);
    participant.update(data);
    return {};
  },
};
