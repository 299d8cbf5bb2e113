/** What a participant receives: consumers made, paused, resumed and tuned by their owner. */
import type { CallHandler } from './handler.ts';
import { nativeOf } from './native.ts';

export const consume: CallHandler<'consume'> = {
  needs: 'call',
  permission: (permissions) => permissions.subscribe,
  async handle(context, { trackId, rtpCapabilities }) {
    const endpoint = nativeOf(context);
    // Whatever becomes of this one: those that follow need not say it again.
    if (rtpCapabilities) endpoint.subscriptions.learn(rtpCapabilities);
    return await endpoint.consume(context.call.publication(trackId));
  },
};

export const pauseConsumer: CallHandler<'pause-consumer'> = {
  needs: 'call',
  async handle({ endpoint }, { consumerId }) {
    await endpoint.subscriptions.pause(consumerId);
    return {};
  },
};

export const resumeConsumer: CallHandler<'resume-consumer'> = {
  needs: 'call',
  async handle({ endpoint }, { consumerId }) {
    await endpoint.subscriptions.resume(consumerId);
    return {};
  },
};

export const setPreferredLayers: CallHandler<'set-preferred-layers'> = {
  needs: 'call',
  async handle({ endpoint }, { consumerId, ...layers }) {
    await endpoint.subscriptions.setPreferredLayers(consumerId, layers);
    return {};
  },
};

export const requestKeyframe: CallHandler<'request-keyframe'> = {
  needs: 'call',
  async handle({ endpoint }, { consumerId }) {
    await endpoint.subscriptions.requestKeyFrame(consumerId);
    return {};
  },
};
