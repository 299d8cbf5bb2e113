/** Every message of the socket, with who may send it and data that is right in everything but perhaps the rights. */
import type { RequestData, RequestType } from '../../../src/protocol/index.ts';
import { chromeAudio, chromeHead, chromeVideo, sdp } from '../../support/sdp/offers.ts';
import type { Rule } from './rule.ts';
import {
  forDataUsers,
  forFoundersBySocket,
  forJoinersBySocket,
  forMicrophones,
  forModeratorsInCall,
  forNoOtherOwner,
  forNoSocket,
  forNoToken,
  forOwnersOfConsumers,
  forOwnersOfTracks,
  forOwnersOfTransports,
  forPresent,
  forPublishers,
  forReceivers,
  forReceiversOfAny,
  forRecordersInCall,
  forSenders,
  forSockets,
} from './rules.ts';
import {
  DTLS_PARAMETERS,
  foreignToken,
  letSomebodyIn,
  letSomebodyWait,
  makeReceiveTransport,
  makeSendTransport,
  microphone,
  newRoom,
  ownConsumer,
  ownResumeToken,
  ownTrack,
  type Scene,
  speakSdp,
  video,
} from './scene.ts';
import { GUEST_ID, record, stopRecordings, type World } from './world.ts';

interface Content<T extends RequestType> {
  readonly data: RequestData<T>;
  readonly targetUserId?: string;
  /** Default: that of the call. */
  readonly roomId?: string;
}

export interface MessageRow {
  readonly type: RequestType;
  /** Told apart from other rows of the same type. */
  readonly when?: string;
  readonly rule: Rule;
  /** Where the socket is when it is sent. Default: in the call, if the caller gets into it. */
  readonly isOutside?: true;
  /** What it does when it is allowed leaves nothing to ask for: it gets a call of its own. */
  readonly needsOwnCall?: true;
  /** Takes away what was made ready, and what came of it. */
  readonly after?: (world: World) => Promise<void>;
  /** Makes everything ready that the message is about. */
  readonly prepare: (scene: Scene) => Promise<Content<RequestType>>;
}

export const messageRows: readonly MessageRow[] = [
  row('join', forJoinersBySocket, () => ({ data: { protocol: 'mediasoup' } }), { isOutside: true }),
  row('join', forFoundersBySocket, () => ({ data: { protocol: 'mediasoup' }, roomId: newRoom() }), {
    isOutside: true,
    when: 'to a call that nobody made',
  }),
  row(
    'resume',
    forJoinersBySocket,
    async (scene) => ({ data: { resumeToken: await ownResumeToken(scene) } }),
    { isOutside: true },
  ),
  row('resume', forNoSocket, ({ world }) => ({ data: { resumeToken: world.guest.resumeToken } }), {
    isOutside: true,
    when: 'as somebody else',
  }),
  row('resume', forNoToken, ({ token }) => ({ data: { resumeToken: token } }), {
    isOutside: true,
    when: 'with an access token',
  }),
  row('leave', forPresent, nothing),
  row('ping', forSockets, nothing),
  row('refresh-token', forSockets, ({ token }) => ({ data: { token } })),
  row('refresh-token', forNoSocket, async (scene) => ({ data: { token: await foreignToken(scene) } }), {
    when: 'with the token of somebody else',
  }),
  row('refresh-token', forNoToken, ({ world }) => ({ data: { token: world.guest.resumeToken } }), {
    when: 'with a resume token',
  }),

  row(
    'offer',
    forMicrophones,
    async (scene) => {
      await speakSdp(scene);
      return { data: { sdp: sdp(chromeHead('0'), chromeAudio('0')) } };
    },
    { when: 'a microphone to the server' },
  ),
  row(
    'offer',
    forPublishers,
    async (scene) => {
      await speakSdp(scene);
      const tracks = { '0': { source: 'screen' as const } };
      return { data: { sdp: sdp(chromeHead('0'), chromeVideo('0')), tracks }, targetUserId: 'sfu' };
    },
    { when: 'a screen to the server' },
  ),
  row('offer', forPresent, () => ({ data: { sdp: 'for you' }, targetUserId: GUEST_ID }), {
    when: 'to somebody else',
  }),
  row('answer', forPresent, () => ({ data: { sdp: 'for you' }, targetUserId: GUEST_ID }), {
    when: 'to somebody else',
  }),
  row('ice-candidate', forPresent, () => ({ data: { candidate: 'for you' }, targetUserId: GUEST_ID })),
  row('renegotiate', forPresent, async (scene) => {
    await speakSdp(scene);
    return { data: {} };
  }),

  row('create-transport', forSenders, () => ({ data: { direction: 'send' } }), { when: 'to send' }),
  row('create-transport', forReceiversOfAny, () => ({ data: { direction: 'recv' } }), { when: 'to receive' }),
  row('connect-transport', forOwnersOfTransports, async (scene) => ({
    data: { transportId: await makeReceiveTransport(scene), dtlsParameters: DTLS_PARAMETERS },
  })),
  row('restart-ice', forOwnersOfTransports, async (scene) => ({
    data: { transportId: await makeReceiveTransport(scene) },
  })),
  ofGuest('connect-transport', ({ transportId }) => ({ transportId, dtlsParameters: DTLS_PARAMETERS })),
  ofGuest('restart-ice', ({ transportId }) => ({ transportId })),

  row('produce', forMicrophones, async (scene) => ({ data: microphone(await makeSendTransport(scene)) }), {
    when: 'a microphone',
  }),
  row(
    'produce',
    forPublishers,
    async (scene) => ({ data: video(await makeSendTransport(scene), 'camera') }),
    {
      when: 'a camera',
    },
  ),
  row(
    'produce',
    forPublishers,
    async (scene) => ({ data: video(await makeSendTransport(scene), 'screen') }),
    {
      when: 'a screen',
    },
  ),
  row(
    'produce',
    forPublishers,
    async (scene) => ({ data: { ...microphone(await makeSendTransport(scene)), source: 'screen-audio' } }),
    { when: 'the sound of a screen' },
  ),
  row('pause-producer', forOwnersOfTracks, async (scene) => ({ data: { trackId: await ownTrack(scene) } })),
  row('resume-producer', forOwnersOfTracks, async (scene) => ({ data: { trackId: await ownTrack(scene) } })),
  row('close-producer', forOwnersOfTracks, async (scene) => ({ data: { trackId: await ownTrack(scene) } })),
  ofGuest('pause-producer', ({ microphoneId }) => ({ trackId: microphoneId })),
  ofGuest('resume-producer', ({ microphoneId }) => ({ trackId: microphoneId })),
  ofGuest('close-producer', ({ microphoneId }) => ({ trackId: microphoneId })),
  row('mute', forPresent, () => ({ data: {} })),
  row('unmute', forPresent, () => ({ data: {} })),

  row('consume', forReceivers, async (scene) => {
    await makeReceiveTransport(scene);
    return { data: { trackId: scene.world.guest.cameraId } };
  }),
  row('pause-consumer', forOwnersOfConsumers, async (scene) => ({
    data: { consumerId: await ownConsumer(scene) },
  })),
  row('resume-consumer', forOwnersOfConsumers, async (scene) => ({
    data: { consumerId: await ownConsumer(scene) },
  })),
  row('set-preferred-layers', forOwnersOfConsumers, async (scene) => ({
    data: { consumerId: await ownConsumer(scene), spatialLayer: 0 },
  })),
  row('request-keyframe', forOwnersOfConsumers, async (scene) => ({
    data: { consumerId: await ownConsumer(scene) },
  })),
  ofGuest('pause-consumer', ({ consumerId }) => ({ consumerId })),
  ofGuest('resume-consumer', ({ consumerId }) => ({ consumerId })),
  ofGuest('set-preferred-layers', ({ consumerId }) => ({ consumerId, spatialLayer: 0 })),
  ofGuest('request-keyframe', ({ consumerId }) => ({ consumerId })),

  row('produce-data', forDataUsers, async (scene) => ({
    data: {
      transportId: await makeSendTransport(scene),
      sctpStreamParameters: { streamId: 0, ordered: true },
    },
  })),
  row('consume-data', forDataUsers, async (scene) => {
    await makeReceiveTransport(scene);
    return { data: { channelId: scene.world.guest.channelId } };
  }),
  row('chat', forDataUsers, () => ({ data: { text: 'Hello' } }), { when: 'to all' }),
  row('chat', forDataUsers, () => ({ data: { text: 'Hello' }, targetUserId: GUEST_ID }), { when: 'to one' }),
  row('reaction', forDataUsers, () => ({ data: { reaction: '👏' } })),
  row('raise-hand', forPresent, nothing),
  row('lower-hand', forPresent, nothing, { when: 'of their own' }),
  row('lower-hand', forModeratorsInCall, () => ({ data: {}, targetUserId: GUEST_ID }), {
    when: 'of somebody else',
  }),
  row('update-metadata', forPresent, () => ({ data: { metadata: { team: 'red' } } })),

  row('mute-participant', forModeratorsInCall, () => ({ data: {}, targetUserId: GUEST_ID })),
  row('remove-participant', forModeratorsInCall, async (scene) => ({
    data: {},
    targetUserId: await letSomebodyIn(scene),
  })),
  row('lock', forModeratorsInCall, nothing, { needsOwnCall: true }),
  row('unlock', forModeratorsInCall, nothing),
  row('admit', forModeratorsInCall, async (scene) => ({
    data: {},
    targetUserId: await letSomebodyWait(scene),
  })),
  row('start-recording', forRecordersInCall, nothing, { after: stopRecordings }),
  row(
    'stop-recording',
    forRecordersInCall,
    async ({ world }) => {
      await record(world);
      return { data: {} };
    },
    { after: stopRecordings },
  ),
  row('end-call', forModeratorsInCall, nothing, { needsOwnCall: true }),
];

function nothing() {
  return { data: {} };
}

function row<T extends RequestType>(
  type: T,
  rule: Rule,
  prepare: (scene: Scene) => Content<T> | Promise<Content<T>>,
  more: Pick<MessageRow, 'when' | 'isOutside' | 'needsOwnCall' | 'after'> = {},
): MessageRow {
  return { type, rule, ...more, prepare: async (scene) => (await prepare(scene)) as Content<RequestType> };
}

/** About something that belongs to somebody else in the call. */
function ofGuest<T extends RequestType>(
  type: T,
  name: (guest: Scene['world']['guest']) => RequestData<T>,
): MessageRow {
  return row(type, forNoOtherOwner, ({ world }) => ({ data: name(world.guest) }), {
    when: 'about what belongs to somebody else',
  });
}
