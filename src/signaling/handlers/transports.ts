/** The transports of a native client. */
import type { CallHandler } from './handler.ts';

export const createTransport: CallHandler<'create-transport'> = {
  needs: 'call',
  permission: (permissions, { direction }) =>
    permissions.data || (direction === 'send' ? permissions.publish.length > 0 : permissions.subscribe),
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
