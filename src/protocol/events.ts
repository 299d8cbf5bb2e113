/** Everything that the server tells a client without being asked: a schema for the `data` of each event (SPEC 2.2). */
import { type Static, type TSchema, Type } from '@sinclair/typebox';
import { ChannelId, ConsumerId, TrackId, UserId } from './identifiers.ts';
import { Layers } from './media.ts';
import { Answered, ConnectionName, GivenCandidate, Offered } from './negotiation.ts';
import { CallEndReason, DataChannel, LeaveReason, LobbyGuest, Participant, Track } from './participants.ts';
import { RecordingId, RecordingStopReason, RunningRecording } from './recordings.ts';
import { Joined } from './requests.ts';

interface EventSchema {
  readonly data: TSchema;
  readonly description: string;
}

const consumerOfTrack = Type.Object({ consumerId: ConsumerId, trackId: TrackId });

export const events = {
  joined: { description: 'The join succeeded; always the first event of a call.', data: Joined },
  'participant-joined': {
    description: 'Somebody came.',
    data: Type.Object({ participant: Participant }),
  },
  'participant-left': {
    description: 'Somebody left; their tracks are gone with them.',
    data: Type.Object({ userId: UserId, reason: LeaveReason }),
  },
  'participant-updated': {
    description: 'Name, metadata or the state of a track changed; the whole participant as they are now.',
    data: Type.Object({ participant: Participant }),
  },
  'producer-added': {
    description:
      'A track can be consumed. One that is known already was published again, with a higher generation: consume it anew.',
    data: Type.Object({ track: Track }),
  },
  'producer-closed': {
    description: 'A track is gone; so are its consumers.',
    data: Type.Object({ trackId: TrackId, userId: UserId }),
  },
  'consumer-closed': {
    description: 'A consumer ended because its track or its transport did.',
    data: consumerOfTrack,
  },
  'consumer-paused': { description: 'The publisher paused the track.', data: consumerOfTrack },
  'consumer-resumed': { description: 'The publisher resumed the track.', data: consumerOfTrack },
  'consumer-layers': {
    description: 'The layers that are being forwarded; null while none is.',
    data: Type.Object({
      consumerId: ConsumerId,
      trackId: TrackId,
      layers: Type.Union([Layers, Type.Null()]),
    }),
  },
  'consumer-score': {
    description: 'Transmission quality from 0 (dead) to 10, of the way down and of the way up.',
    data: Type.Object({
      consumerId: ConsumerId,
      trackId: TrackId,
      score: Type.Integer({ minimum: 0, maximum: 10 }),
      producerScore: Type.Integer({ minimum: 0, maximum: 10 }),
    }),
  },
  'data-producer-added': {
    description: 'A data channel can be listened to.',
    data: Type.Object({ channel: DataChannel }),
  },
  'data-producer-closed': {
    description: 'A data channel is gone.',
    data: Type.Object({ channelId: ChannelId, userId: UserId }),
  },
  'data-consumer-closed': {
    description: 'We listen to a data channel no more, because it or its transport ended.',
    data: Type.Object({ dataConsumerId: Type.String({ format: 'uuid' }), channelId: ChannelId }),
  },
  'active-speaker': {
    description: 'Who speaks now; null when nobody does.',
    data: Type.Object({ userId: Type.Union([UserId, Type.Null()]) }),
  },
  chat: {
    description: 'A chat message; `userId` of the envelope is who wrote it.',
    data: Type.Object({
      chatId: Type.String(),
      userId: UserId,
      name: Type.String(),
      text: Type.String(),
      sentAt: Type.String({ format: 'date-time' }),
      isPrivate: Type.Boolean(),
    }),
  },
  'hand-raised': {
    description: 'Somebody raised their hand or took it down.',
    data: Type.Object({ userId: UserId, isRaised: Type.Boolean() }),
  },
  reaction: {
    description: 'Somebody made a passing sign; `userId` of the envelope is who.',
    data: Type.Object({ userId: UserId, reaction: Type.String(), isPrivate: Type.Boolean() }),
  },
  'lobby-waiting': {
    description: 'To moderators: everyone who waits, whenever that changes. To one who waits: that they do.',
    data: Type.Object({ waiting: Type.Array(LobbyGuest) }),
  },
  'call-locked': {
    description: 'Nobody else may come in, or everybody may again.',
    data: Type.Object({ isLocked: Type.Boolean() }),
  },
  'publish-layers': {
    description:
      'The highest simulcast or SVC layer of our track that anyone shows; null when nobody does. What is above need not be sent.',
    data: Type.Object({
      trackId: TrackId,
      spatialLayer: Type.Union([Type.Integer({ minimum: 0 }), Type.Null()]),
    }),
  },
  'quality-warning': {
    description: 'Our media has been bad for ten seconds: sent (`up`) or received (`down`).',
    data: Type.Object({
      direction: Type.Union([Type.Literal('up'), Type.Literal('down')]),
      reasons: Type.Array(Type.Union([Type.Literal('loss'), Type.Literal('rtt'), Type.Literal('score')])),
      loss: Type.Number({ minimum: 0, maximum: 1, description: 'the part of the packets that is lost' }),
      rttMs: Type.Number({ minimum: 0 }),
      score: Type.Number({ minimum: 0, maximum: 10 }),
    }),
  },
  offer: {
    description:
      'A description to be answered: of the server (`userId` of the envelope is `sfu`), or of another client.',
    data: Offered,
  },
  answer: {
    description: 'The answer to our `offer`: of the server (`userId` is `sfu`), or of another client.',
    data: Answered,
  },
  'ice-candidate': { description: 'From another client, as it was sent.', data: GivenCandidate },
  renegotiate: {
    description:
      'To who publishes by SDP: the media worker died. Offer again after `restartIce()`, or over a new RTCPeerConnection; the tracks keep their ids.',
    data: Type.Object({
      connection: ConnectionName,
      how: Type.Union([Type.Literal('ice-restart'), Type.Literal('new-connection')]),
    }),
  },
  'transports-lost': {
    description:
      'The media worker died. Both transports, what was consumed and all data channels are gone; make new transports, produce the same `trackId`s again and consume what `producer-added` names with a higher generation.',
    data: Type.Object({ generation: Type.Integer({ minimum: 2 }) }),
  },
  'recording-started': {
    description: 'From now on the call is recorded; or again, after the server was away.',
    data: RunningRecording,
  },
  'recording-stopped': {
    description: 'Nothing is recorded any more; the files of the recording are made now.',
    data: Type.Object({ recordingId: RecordingId, reason: RecordingStopReason }),
  },
  'recording-trouble': {
    description:
      'Something is not recorded from now on, or is again: it is tried until it is, and the rest of the recording goes on.',
    data: Type.Object({
      recordingId: RecordingId,
      reason: Type.Union([
        Type.Literal('disk-full'),
        Type.Literal('timeline-not-written'),
        Type.Literal('track-not-captured'),
      ]),
      isOver: Type.Boolean(),
    }),
  },
  'recording-progress': {
    description: 'How far the files of a recording of this call are.',
    data: Type.Object({
      recordingId: RecordingId,
      phase: Type.String({ examples: ['composing'] }),
      progress: Type.Number({ minimum: 0, maximum: 1 }),
    }),
  },
  'recording-completed': {
    description: 'The files of a recording of this call are there.',
    data: Type.Object({ recordingId: RecordingId, duration: Type.Integer({ description: 'seconds' }) }),
  },
  'recording-failed': {
    description: 'No files could be made of a recording of this call. What was captured is kept.',
    data: Type.Object({ recordingId: RecordingId, reason: Type.String() }),
  },
  'call-ended': {
    description: 'The call is over for everyone.',
    data: Type.Object({ reason: CallEndReason }),
  },
  'token-expiring': {
    description:
      'The token of this socket ends within a minute; without `refresh-token` the socket is closed with 4401 then. Comes in a call and outside of one, once for each token.',
    data: Type.Object({ expiresAt: Type.String({ format: 'date-time' }) }),
  },
  'server-draining': {
    description: 'This server stops soon; it takes no new calls.',
    data: Type.Object({ secondsLeft: Type.Number() }),
  },
} as const satisfies Record<string, EventSchema>;

type Events = typeof events;
export type EventType = keyof Events;
export type EventData<T extends EventType> = Static<Events[T]['data']>;

/** An event as the engine speaks it: no sequence number, and of the envelope only who said it, where somebody did. */
export type CallEvent = {
  [T in EventType]: { readonly type: T; readonly userId?: string; readonly data: EventData<T> };
}[EventType];
