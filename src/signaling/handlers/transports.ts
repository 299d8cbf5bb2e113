/** The transports of a native client. */
import type { Permissions } from '../../protocol/index.ts';
import type { CallHandler } from './handler.ts';
import { nativeOf } from './native.ts';

export function mayUseTransport(permissions: Permissions, direction: 'send' | 'recv'): boolean {
  return permissions.data || (direction === 'send' ? permissions.publish.length > 0 : permissions.subscribe);
}

export const createTransport: CallHandler<'create-transport'> = {
  needs: 'call',
  permission: (permissions, { direction }) => mayUseTransport(permissions, direction),
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
