/** Who may send which message once they are in a call: by permission, as SPEC 2.2 says, and the message that shows it. */
import type { Permissions, RequestData, RequestType } from '../../../src/protocol/index.ts';
import { opusParameters } from '../../support/rtp.ts';
import type { Stage } from './stage.ts';

export interface MessageRule<T extends RequestType> {
  /** Absent: everyone who is in the call. */
  readonly may?: (permissions: Permissions) => boolean;
  readonly data?: (stage: Stage) => Promise<RequestData<T>> | RequestData<T>;
  readonly targetUserId?: string;
  /** What those get who may; `ok` when absent. A track that one could not publish cannot be paused. */
  readonly answer?: (permissions: Permissions) => string;
  /** Works without a call; `not_joined` is not what one gets before the join. */
  readonly worksOutside?: boolean;
}

const publishes = ({ publish }: Permissions) => publish.length > 0;
const subscribes = ({ subscribe }: Permissions) => subscribe;
const sendsData = ({ data }: Permissions) => data;
const moderates = ({ moderate }: Permissions) => moderate;

const orNotFound = (has: (permissions: Permissions) => boolean) => (permissions: Permissions) =>
  has(permissions) ? 'ok' : 'not_found';

const ownTrack = {
  answer: orNotFound(publishes),
  data: async (stage: Stage) => ({ trackId: await stage.ownTrackId() }),
};
const ownConsumer = {
  answer: orNotFound(subscribes),
  data: async (stage: Stage) => ({ consumerId: await stage.ownConsumerId() }),
};
const ownTransport = {
  answer: orNotFound((p) => publishes(p) || sendsData(p)),
};

/** One for every request of the protocol, or it does not compile. */
export const MESSAGE_RULES: { readonly [T in RequestType]: MessageRule<T> } = {
  join: {
    worksOutside: true,
    data: () => ({ protocol: 'mediasoup' }),
    answer: () => 'already_joined',
  },
  resume: {
    worksOutside: true,
    data: (stage) => ({ resumeToken: stage.joined.resumeToken }),
    answer: () => 'already_joined',
  },
  leave: {},
  ping: { worksOutside: true },
  'refresh-token': { worksOutside: true, data: (stage) => ({ token: stage.token }) },
  'create-transport': { may: (p) => publishes(p) || sendsData(p), data: () => ({ direction: 'send' }) },
  'connect-transport': {
    ...ownTransport,
    data: async (stage) => ({
      transportId: await stage.sendTransportId(),
      dtlsParameters: {
        role: 'client',
        fingerprints: [{ algorithm: 'sha-256', value: Array(32).fill('AB').join(':') }],
      },
    }),
  },
  'restart-ice': { ...ownTransport, data: async (stage) => ({ transportId: await stage.sendTransportId() }) },
  produce: {
    may: publishes,
    data: async (stage) => ({
      transportId: await stage.sendTransportId(),
      kind: 'audio',
      source: 'microphone',
      rtpParameters: opusParameters(),
    }),
  },
  'pause-producer': ownTrack,
  'resume-producer': ownTrack,
  'close-producer': ownTrack,
  consume: {
    may: subscribes,
    data: async (stage) => {
      await stage.receiveTransportId();
      return { trackId: stage.othersTrackId };
    },
  },
  'pause-consumer': ownConsumer,
  'resume-consumer': ownConsumer,
  'set-preferred-layers': {
    data: async (stage) => ({ consumerId: await stage.ownConsumerId(), spatialLayer: 0 }),
    // Of a microphone there is only one.
    answer: (p) => (subscribes(p) ? 'invalid_state' : 'not_found'),
  },
  'request-keyframe': ownConsumer,
  'produce-data': {
    may: sendsData,
    data: async (stage) => ({
      transportId: await stage.sendTransportId(),
      sctpStreamParameters: { streamId: 0 },
    }),
  },
  'consume-data': {
    may: sendsData,
    data: async (stage) => {
      await stage.receiveTransportId();
      return { channelId: stage.othersChannelId };
    },
  },
  mute: {},
  unmute: {},
  chat: { may: sendsData, data: () => ({ text: 'hello' }) },
  'raise-hand': {},
  'lower-hand': {},
  reaction: { may: sendsData, data: () => ({ reaction: '👍' }) },
  'update-metadata': { data: () => ({ name: 'Somebody else' }) },
  'mute-participant': { may: moderates, targetUserId: 'target' },
  'remove-participant': { may: moderates, targetUserId: 'target' },
  lock: { may: moderates },
  unlock: { may: moderates },
  admit: { may: moderates, targetUserId: 'waiting', answer: () => 'not_found' },
  'end-call': { may: moderates },
};
