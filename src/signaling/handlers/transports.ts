/** The transports of a native client. */
import type { Permissions } from '../../protocol/index.ts';
import type { CallHandler } from './handler.ts';

export function mayUseTransport(permissions: Permissions, direction: 'send' | 'recv'): boolean {
  return permissions.data || (direction === 'send' ? permissions.publish.length > 0 : permissions.subscribe);
}

export const createTransport: CallHandler<'create-transport'> = {
  needs: 'call',
  permission: (permissions, { direction }) => mayUseTransport(permissions, direction),
  handle: ({ endpoint }, data) => endpoint.createTransport(data),
};

export const connectTransport: CallHandler<'connect-transport'> = {
  needs: 'call',
  async handle({ endpoint }, { transportId, dtlsParameters }) {
    await endpoint.connectTransport(transportId, dtlsParameters);
    return {};
  },
};

export const restartIce: CallHandler<'restart-ice'> = {
  needs: 'call',
  async handle({ endpoint }, { transportId }) {
    return { iceParameters: await endpoint.restartIce(transportId) };
  },
};
