/** What moderators do to a call and to others in it. */
import type { Participant } from '../../engine/index.ts';
import { AppError } from '../../lib/index.ts';
import type { Permissions } from '../../protocol/index.ts';
import type { Membership } from '../memberships.ts';
import type { ClientMessage } from '../parse.ts';
import type { CallHandler } from './handler.ts';

const moderates = (permissions: Permissions) => permissions.moderate;

export const muteParticipant: CallHandler<'mute-participant'> = {
  needs: 'call',
  permission: moderates,
  async handle(membership, { kind = 'audio' }, message) {
    await targetOf(membership, message).mute(kind);
    return {};
  },
};

export const removeParticipant: CallHandler<'remove-participant'> = {
  needs: 'call',
  permission: moderates,
  async handle(membership, _data, message) {
    const target = targetOf(membership, message);
    // Whoever removes themselves is answered before it closes their socket.
    if (target === membership.participant) setImmediate(() => target.close('removed'));
    else target.close('removed');
    return {};
  },
};

export const lock: CallHandler<'lock'> = {
  needs: 'call',
  permission: moderates,
  async handle({ call }) {
    call.isLocked = true;
    return {};
  },
};

export const unlock: CallHandler<'unlock'> = {
  needs: 'call',
  permission: moderates,
  async handle({ call }) {
    call.isLocked = false;
    return {};
  },
};

export const admit: CallHandler<'admit'> = {
  needs: 'call',
  permission: moderates,
  async handle({ call }, { isAdmitted = true }, { targetUserId }) {
    if (targetUserId === undefined) throw noTarget();
    if (!call.lobby.guests.some(({ userId }) => userId === targetUserId)) {
      throw new AppError('not_found', `"${targetUserId}" does not wait.`);
    }
    // One for whom there is no room waits on. Who moderates or hides never waits.
    if (isAdmitted) call.checkRoomFor(targetUserId, { moderate: false, hidden: false });
    call.lobby.settle(targetUserId, isAdmitted ? 'admitted' : 'refused');
    return {};
  },
};

export const endCall: CallHandler<'end-call'> = {
  needs: 'call',
  permission: moderates,
  async handle({ call }) {
    // Whoever ends it is answered before the end closes their socket.
    setImmediate(() => call.end('ended-by-host'));
    return {};
  },
};

function targetOf({ call }: Membership, { targetUserId }: ClientMessage): Participant {
  if (targetUserId === undefined) throw noTarget();
  const target = call.participants.get(targetUserId);
  if (!target) throw new AppError('not_found', `"${targetUserId}" is not in the call.`);
  return target;
}

function noTarget(): AppError {
  return new AppError('invalid_message', 'Say whom: targetUserId is missing.');
}
