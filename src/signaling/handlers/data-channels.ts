/** Data channels: opened to everyone, and listened to. */
import type { CallHandler } from './handler.ts';
import { nativeOf } from './native.ts';

export const produceData: CallHandler<'produce-data'> = {
  needs: 'call',
  permission: (permissions) => permissions.data,
  async handle(context, data) {
    const { channelId } = await nativeOf(context).openChannel(data);
    return { channelId };
  },
};

export const consumeData: CallHandler<'consume-data'> = {
  needs: 'call',
  permission: (permissions) => permissions.data,
  async handle(context, { channelId }) {
    return await nativeOf(context).listenTo(context.call.channel(channelId));
  },
};
