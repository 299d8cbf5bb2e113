/** The transports of a native client. */
import type { CallHandler } from './handler.ts';
import { nativeOf } from './native.ts';

export const createTransport: CallHandler<'create-transport'> = {
  needs: 'call',
  permission: (permissions, { direction }) =>
    permissions.data || (direction === 'send' ? permissions.publish.length > 0 : permissions.subscribe),
  async handle(context, data) {
    return await nativeOf(context).createTransport(data);
  },
};

export const connectTransport: CallHandler<'connect-transport'> = {
  needs: 'call',
  async handle(context, { transportId, dtlsParameters }) {
    await nativeOf(context).connectTransport(transportId, dtlsParameters);
    return {};
  },
};

export const restartIce: CallHandler<'restart-ice'> = {
  needs: 'call',
  async handle(context, { transportId }) {
    return { iceParameters: await nativeOf(context).restartIce(transportId) };
  },
};
