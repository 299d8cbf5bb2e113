/** Data channels: opened to everyone, and listened to. */
import type { CallHandler } from './handler.ts';

export const produceData: CallHandler<'produce-data'> = {
  needs: 'call',
  permission: (permissions) => permissions.data,
  async handle({ endpoint }, data) {
    const { channelId } = await endpoint.openChannel(data);
    return { channelId };
  },
};

export const consumeData: CallHandler<'consume-data'> = {
  needs: 'call',
  permission: (permissions) => permissions.data,
  handle: ({ call, endpoint }, { channelId }) => endpoint.listenTo(call.channel(channelId)),
};
