/**
 * Everything that a client may ask over the signalling socket: one schema for what it sends, one for what it gets.
 * The same table validates, types and documents the messages (SPEC 2.2).
 */
import { type Static, type TSchema, Type } from '@sinclair/typebox';
import { ChannelId, ConsumerId, ProducerId, RoomId, TrackId, TransportId, UserId } from './identifiers.ts';
import {
  DtlsParameters,
  Encodings,
  IceCandidate,
  IceParameters,
  IceServer,
  MediaKind,
  RtpCapabilities,
  RtpParameters,
  SctpParameters,
  SctpStreamParameters,
} from './media.ts';
import {
  AnswerOfServer,
  ConnectionName,
  GivenCandidate,
  GivenDescriptionMessage,
  PublishedSections,
} from './negotiation.ts';
import { Participant, Permissions, Track, TrackSource } from './participants.ts';
import { RecordingRequest, RecordingState, RunningRecording } from './recordings.ts';

const Nothing = Type.Object({});
const Name = Type.String({ minLength: 1, maxLength: 128 });
const trackOnly = Type.Object({ trackId: TrackId });
const consumerOnly = Type.Object({ consumerId: ConsumerId });

/** More than a proxy takes in a header. */
const MAX_TOKEN_LENGTH = 16_384;
const MAX_CHAT_LENGTH = 4_000;

export const JoinProtocol = Type.Union([Type.Literal('sdp'), Type.Literal('mediasoup'), Type.Literal('p2p')]);
export type JoinProtocol = Static<typeof JoinProtocol>;

const OwnConsumer = Type.Object({
  consumerId: ConsumerId,
  trackId: TrackId,
  isPaused: Type.Boolean(),
});

const HasData = Type.Optional(Type.Boolean({ description: 'Whether data channels go over it too.' }));

const DeviceCapabilities = Type.Optional({
  ...RtpCapabilities,
  description: 'What this device can receive; needed before the first `consume`.',
});

/** What `create-transport` would make in two messages more. */
const JoinTransports = Type.Object({
  send: Type.Optional(Type.Object({ hasData: HasData })),
  recv: Type.Optional(Type.Object({ hasData: HasData, rtpCapabilities: DeviceCapabilities })),
});
export type JoinTransports = Static<typeof JoinTransports>;

/** What became different while a socket was away; the rest of `Joined` is how it is now. */
const Changes = Type.Object({
  participantsJoined: Type.Array(UserId),
  participantsLeft: Type.Array(UserId),
  tracksAdded: Type.Array(TrackId),
  tracksClosed: Type.Array(TrackId),
});
export type Changes = Static<typeof Changes>;

export const TransportCreated = Type.Object({
  transportId: TransportId,
  iceParameters: IceParameters,
  iceCandidates: Type.Array(IceCandidate),
  dtlsParameters: DtlsParameters,
  sctpParameters: Type.Optional(SctpParameters),
  generation: Type.Integer({ minimum: 1 }),
});
export type TransportCreated = Static<typeof TransportCreated>;

export const Joined = Type.Object({
  roomId: RoomId,
  callId: Type.String({
    description: 'The UUID of this one call; a room id may be used again after its end.',
  }),
  title: Type.Union([Type.String(), Type.Null()]),
  userId: UserId,
  name: Type.String(),
  protocol: Type.Union([...JoinProtocol.anyOf], { description: 'how media is negotiated from here on' }),
  participants: Type.Array(Participant, {
    description: 'Everyone who was there before, with what they publish.',
  }),
  routerRtpCapabilities: RtpCapabilities,
  iceServers: Type.Array(IceServer),
  encodings: Encodings,
  recording: Type.Union([RunningRecording, Type.Null()], { description: 'What is being recorded now.' }),
  permissions: Permissions,
  activeSpeaker: Type.Union([UserId, Type.Null()]),
  isLocked: Type.Boolean(),
  generation: Type.Integer({ minimum: 1 }),
  transports: Type.Optional(
    Type.Object(
      { send: Type.Optional(TransportCreated), recv: Type.Optional(TransportCreated) },
      {
        description:
          'Those that `join` asked for, but for what the rights do not allow or the server cannot make now.',
      },
    ),
  ),
  resumeToken: Type.String({ description: 'Brings this participant back on another socket.' }),
  isResumed: Type.Boolean({ description: 'Whether transports, tracks and consumers are those of before.' }),
  tracks: Type.Array(Track, { description: 'What we publish ourselves.' }),
  consumers: Type.Array(OwnConsumer, { description: 'What we subscribe to.' }),
  changes: Type.Optional(Changes),
});
export type Joined = Static<typeof Joined>;

export const ConsumerCreated = Type.Object({
  consumerId: ConsumerId,
  producerId: ProducerId,
  trackId: TrackId,
  userId: UserId,
  kind: MediaKind,
  type: Type.Union([
    Type.Literal('simple'),
    Type.Literal('simulcast'),
    Type.Literal('svc'),
    Type.Literal('pipe'),
  ]),
  rtpParameters: RtpParameters,
  isProducerPaused: Type.Boolean(),
  generation: Type.Integer({ minimum: 1 }),
});
export type ConsumerCreated = Static<typeof ConsumerCreated>;

const MetadataChange = Type.Object(
  {
    name: Type.Optional(Name),
    metadata: Type.Optional(Type.Unknown()),
  },
  { minProperties: 1 },
);

interface RequestSchema {
  readonly data: TSchema;
  readonly response: TSchema;
  readonly description: string;
}

export const requests = {
  join: {
    description:
      'Enters the call of `roomId`, and makes the `transports` that are asked for on the way. `joined` follows as an event of its own too. Where there is a lobby the answer comes when a moderator has decided.',
    data: Type.Object({
      protocol: Type.Optional({
        ...JoinProtocol,
        description:
          'How media is negotiated: `sdp` unless said otherwise. In a call that is peer to peer that is `p2p`.',
      }),
      simulcast: Type.Optional(
        Type.Boolean({
          description:
            'With `sdp`: whether offers ask for simulcast. Only for who sets `direction` on the sender that an offer brings: a plain `addTrack` would be answered `inactive`.',
        }),
      ),
      name: Type.Optional(Name),
      metadata: Type.Optional(Type.Unknown()),
      transports: Type.Optional(JoinTransports),
    }),
    response: Joined,
  },
  resume: {
    description:
      'Comes back on a new socket as the same participant, with all media that still works. `joined` follows as an event too.',
    data: Type.Object({ resumeToken: Type.String({ minLength: 1, maxLength: 2_048 }) }),
    response: Joined,
  },
  leave: { description: 'Leaves the call; the socket may join again.', data: Nothing, response: Nothing },
  ping: {
    description: 'Asks for the server clock; keeps the socket alive.',
    data: Nothing,
    response: Type.Object({ serverTime: Type.String({ format: 'date-time' }) }),
  },
  'refresh-token': {
    description:
      'Another token for this socket, before the last one expires: for the same user, with the same rights or fewer. Fewer take effect at once.',
    data: Type.Object({ token: Type.String({ minLength: 1, maxLength: MAX_TOKEN_LENGTH }) }),
    response: Type.Object({ expiresAt: Type.String({ format: 'date-time' }) }),
  },
  offer: {
    description:
      'To the server (no `targetUserId`, or `sfu`): what we publish, for those with the right to; offering again changes it. The answer comes as an event of its own too. To somebody else: passed on as it is.',
    data: GivenDescriptionMessage,
    response: Type.Partial(AnswerOfServer),
  },
  answer: {
    description:
      "To the server's `offer` (`targetUserId` absent or `sfu`), with what we send in the sections that wait for it. To somebody else: passed on as it is.",
    data: GivenDescriptionMessage,
    response: Type.Object({ tracks: Type.Optional(PublishedSections) }),
  },
  'ice-candidate': {
    description:
      'To the server it does nothing: all that is needed is in the descriptions. To somebody else: passed on as it is.',
    data: GivenCandidate,
    response: Nothing,
  },
  renegotiate: {
    description:
      'Has the server offer again: because we have something more to send, after a change of network, or for a new RTCPeerConnection.',
    data: Type.Object({
      connection: Type.Optional({
        ...ConnectionName,
        description: 'Only `subscribe`: on the publishing connection we offer ourselves.',
      }),
      how: Type.Optional(
        Type.Union([Type.Literal('offer'), Type.Literal('ice-restart'), Type.Literal('new-connection')], {
          default: 'offer',
        }),
      ),
      simulcast: Type.Optional(Type.Boolean({ description: 'as in `join`' })),
    }),
    response: Nothing,
  },
  'create-transport': {
    description:
      'Makes the one send or the one receive transport of this participant, replacing an earlier one.',
    data: Type.Object({
      direction: Type.Union([Type.Literal('send'), Type.Literal('recv')]),
      hasData: HasData,
      rtpCapabilities: DeviceCapabilities,
    }),
    response: TransportCreated,
  },
  'connect-transport': {
    description: 'Hands over the DTLS fingerprints, once for each transport.',
    data: Type.Object({ transportId: TransportId, dtlsParameters: DtlsParameters }),
    response: Nothing,
  },
  'restart-ice': {
    description:
      'New ICE credentials after a change of network; the old ones work until the new ones are used.',
    data: Type.Object({ transportId: TransportId }),
    response: Type.Object({ iceParameters: IceParameters }),
  },
  produce: {
    description:
      'Publishes a track. `trackId` is given only to publish a track again after its transport was rebuilt.',
    data: Type.Object({
      transportId: TransportId,
      kind: MediaKind,
      source: TrackSource,
      rtpParameters: RtpParameters,
      isPaused: Type.Optional(Type.Boolean()),
      trackId: Type.Optional(TrackId),
    }),
    response: Type.Object({
      trackId: TrackId,
      producerId: ProducerId,
      generation: Type.Integer({ minimum: 1 }),
    }),
  },
  'pause-producer': {
    description: 'Stops a track of ours without unpublishing it.',
    data: trackOnly,
    response: Nothing,
  },
  'resume-producer': {
    description: 'Lets a paused track of ours flow again.',
    data: trackOnly,
    response: Nothing,
  },
  'close-producer': { description: 'Unpublishes a track of ours.', data: trackOnly, response: Nothing },
  consume: {
    description:
      'Subscribes to a track. The consumer is born paused: resume it when the receiver is ready. `rtpCapabilities` come with the first one, unless the receive transport was made with them.',
    data: Type.Object({ trackId: TrackId, rtpCapabilities: DeviceCapabilities }),
    response: ConsumerCreated,
  },
  'pause-consumer': { description: 'Stops what nobody shows.', data: consumerOnly, response: Nothing },
  'resume-consumer': {
    description: 'Lets it flow, from a keyframe on.',
    data: consumerOnly,
    response: Nothing,
  },
  'set-preferred-layers': {
    description: 'The highest simulcast or SVC layers that are worth sending.',
    data: Type.Object({
      consumerId: ConsumerId,
      spatialLayer: Type.Integer({ minimum: 0, maximum: 7 }),
      temporalLayer: Type.Optional(Type.Integer({ minimum: 0, maximum: 7 })),
    }),
    response: Nothing,
  },
  'request-keyframe': {
    description: 'Asks the publisher for a keyframe.',
    data: consumerOnly,
    response: Nothing,
  },
  'produce-data': {
    description: 'Opens a data channel to everyone, over a send transport that was made with `hasData`.',
    data: Type.Object({
      transportId: TransportId,
      sctpStreamParameters: SctpStreamParameters,
      label: Type.Optional(Type.String({ maxLength: 256 })),
      protocol: Type.Optional(Type.String({ maxLength: 256 })),
    }),
    response: Type.Object({ channelId: ChannelId }),
  },
  'consume-data': {
    description: 'Listens to a data channel, over a receive transport that was made with `hasData`.',
    data: Type.Object({ channelId: ChannelId }),
    response: Type.Object({
      dataConsumerId: Type.String({ format: 'uuid' }),
      channelId: ChannelId,
      userId: UserId,
      sctpStreamParameters: SctpStreamParameters,
      label: Type.String(),
      protocol: Type.String(),
    }),
  },
  mute: {
    description: 'Pauses what we publish of a kind (audio by default), and tells all.',
    data: Type.Object({ kind: Type.Optional(MediaKind) }),
    response: Nothing,
  },
  unmute: {
    description: 'Resumes what `mute` paused.',
    data: Type.Object({ kind: Type.Optional(MediaKind) }),
    response: Nothing,
  },
  chat: {
    description: 'A message to all, or to `targetUserId`.',
    data: Type.Object({ text: Type.String({ minLength: 1, maxLength: MAX_CHAT_LENGTH }) }),
    response: Type.Object({ chatId: Type.String(), sentAt: Type.String({ format: 'date-time' }) }),
  },
  'raise-hand': { description: 'Asks for the floor, and tells all.', data: Nothing, response: Nothing },
  'lower-hand': {
    description: 'Takes our raised hand down; a moderator takes down that of `targetUserId`.',
    data: Nothing,
    response: Nothing,
  },
  reaction: {
    description: 'A passing sign, such as an emoji, to all or to `targetUserId`.',
    data: Type.Object({ reaction: Type.String({ minLength: 1, maxLength: 32 }) }),
    response: Nothing,
  },
  'update-metadata': {
    description: 'Changes our name or our metadata, and tells all.',
    data: MetadataChange,
    response: Nothing,
  },
  'mute-participant': {
    description: 'A moderator mutes `targetUserId`; only they themselves can unmute.',
    data: Type.Object({ kind: Type.Optional(MediaKind) }),
    response: Nothing,
  },
  'remove-participant': {
    description: 'A moderator sends `targetUserId` out of the call.',
    data: Nothing,
    response: Nothing,
  },
  lock: { description: 'A moderator lets nobody else in.', data: Nothing, response: Nothing },
  unlock: { description: 'A moderator opens the call again.', data: Nothing, response: Nothing },
  admit: {
    description: 'A moderator lets `targetUserId` in from the lobby, or turns them away.',
    data: Type.Object({ isAdmitted: Type.Optional(Type.Boolean({ default: true })) }),
    response: Nothing,
  },
  'start-recording': {
    description: 'Records the call, for everyone to see; for those with the right `record`.',
    data: RecordingRequest,
    response: RecordingState,
  },
  'stop-recording': {
    description: 'Ends the recording that runs; its files are made then. For those with the right `record`.',
    data: Nothing,
    response: RecordingState,
  },
  'end-call': { description: 'A moderator ends the call for everyone.', data: Nothing, response: Nothing },
} as const satisfies Record<string, RequestSchema>;

type Requests = typeof requests;
export type RequestType = keyof Requests;
export type RequestData<T extends RequestType> = Static<Requests[T]['data']>;
export type RequestResponse<T extends RequestType> = Static<Requests[T]['response']>;
