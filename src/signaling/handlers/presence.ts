/** `leave` and `ping`: going away, and still being there. */
import { AppError } from '../../lib/index.ts';
import type { SocketHandler } from './handler.ts';

export const leave: SocketHandler<'leave'> = {
  needs: 'socket',
  async handle({ session }, _data, { roomId }) {
    if (!session.leave(roomId)) throw new AppError('not_joined', `You are not in the call "${roomId}".`);
    return {};
  },
};

export const ping: SocketHandler<'ping'> = {
  needs: 'socket',
  async handle() {
    return { serverTime: new Date().toISOString() };
  },
};
