/** What a participant publishes: tracks made, paused, resumed and closed by their owner. */
import { mayPublish } from '../../engine/index.ts';
import { AppError } from '../../lib/index.ts';
import type { Publication } from '../../media/index.ts';
import type { MediaKind, TrackSource } from '../../protocol/index.ts';
import type { Membership } from '../memberships.ts';
import type { CallHandler } from './handler.ts';
import { nativeOf } from './native.ts';

const KIND_OF_SOURCE: Readonly<Record<TrackSource, MediaKind>> = {
  microphone: 'audio',
  'screen-audio': 'audio',
  camera: 'video',
  screen: 'video',
};

export const produce: CallHandler<'produce'> = {
  needs: 'call',
  permission: (permissions, { source }) => mayPublish(permissions, source),
  async handle(context, data) {
    const { call, participant } = context;
    if (KIND_OF_SOURCE[data.source] !== data.kind) {
      throw new AppError('invalid_message', `A ${data.source} is not ${data.kind}.`);
    }
    const { trackId } = data;
    if (trackId !== undefined && !participant.publications.has(trackId) && call.hasPublication(trackId)) {
      throw new AppError('invalid_state', 'This track id belongs to somebody else.');
    }
    const publication = await nativeOf(context).produce(data);
    return {
      trackId: publication.trackId,
      producerId: publication.producerId,
      generation: publication.generation,
    };
  },
};

export const pauseProducer: CallHandler<'pause-producer'> = {
  needs: 'call',
  async handle(membership, { trackId }) {
    await ownPublication(membership, trackId).pause();
    return {};
  },
};

export const resumeProducer: CallHandler<'resume-producer'> = {
  needs: 'call',
  async handle(membership, { trackId }) {
    await ownPublication(membership, trackId).resume();
    return {};
  },
};

export const closeProducer: CallHandler<'close-producer'> = {
  needs: 'call',
  async handle(membership, { trackId }) {
    ownPublication(membership, trackId).close();
    return {};
  },
};

export const mute: CallHandler<'mute'> = {
  needs: 'call',
  async handle({ participant }, { kind = 'audio' }) {
    await participant.mute(kind);
    return {};
  },
};

export const unmute: CallHandler<'unmute'> = {
  needs: 'call',
  async handle({ participant }, { kind = 'audio' }) {
    await participant.unmute(kind);
    return {};
  },
};

function ownPublication({ participant }: Membership, trackId: string): Publication {
  const publication = participant.publications.get(trackId);
  if (!publication) throw new AppError('not_found', 'You publish no such track.');
  return publication;
}
