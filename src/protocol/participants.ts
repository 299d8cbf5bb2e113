/** How a participant and what they publish look to everyone else in the call. */
import { type Static, Type } from '@sinclair/typebox';
import { ChannelId, TrackId, UserId } from './identifiers.ts';
import { MediaKind } from './media.ts';

export const TrackSource = Type.Union([
  Type.Literal('microphone'),
  Type.Literal('camera'),
  Type.Literal('screen'),
  Type.Literal('screen-audio'),
]);
export type TrackSource = Static<typeof TrackSource>;

/** What a right to publish names; `screen` covers the sound of the screen too. */
export const PublishSource = Type.Union([
  Type.Literal('microphone'),
  Type.Literal('camera'),
  Type.Literal('screen'),
]);
export type PublishSource = Static<typeof PublishSource>;

export const Track = Type.Object({
  trackId: TrackId,
  userId: UserId,
  kind: MediaKind,
  source: TrackSource,
  isPaused: Type.Boolean(),
  generation: Type.Integer({
    minimum: 1,
    description: 'Grows when the transports that carry this track are rebuilt.',
  }),
});
export type Track = Static<typeof Track>;

export const DataChannel = Type.Object({
  channelId: ChannelId,
  userId: UserId,
  label: Type.String(),
  protocol: Type.String(),
});
export type DataChannel = Static<typeof DataChannel>;

export const Participant = Type.Object({
  userId: UserId,
  name: Type.String(),
  joinedAt: Type.String({ format: 'date-time' }),
  metadata: Type.Unknown(),
  isConnected: Type.Boolean({ description: 'False while their socket is lost and they may still resume.' }),
  handRaisedAt: Type.Union([Type.String({ format: 'date-time' }), Type.Null()]),
  tracks: Type.Array(Track),
  channels: Type.Array(DataChannel),
});
export type Participant = Static<typeof Participant>;

/** Somebody who waits to be let in. */
export const LobbyGuest = Type.Object({ userId: UserId, name: Type.String() });
export type LobbyGuest = Static<typeof LobbyGuest>;

/** What the one who joined may do in this call. */
export const Permissions = Type.Object({
  publish: Type.Array(PublishSource),
  subscribe: Type.Boolean(),
  data: Type.Boolean({ description: 'Chat, reactions and data channels.' }),
  record: Type.Boolean(),
  moderate: Type.Boolean(),
  hidden: Type.Boolean(),
  phone: Type.Boolean(),
});
export type Permissions = Static<typeof Permissions>;

export const LeaveReason = Type.Union([
  Type.Literal('left'),
  Type.Literal('disconnected'),
  Type.Literal('replaced'),
  Type.Literal('removed'),
  Type.Literal('unresponsive'),
  Type.Literal('flooding'),
  Type.Literal('protocol-violation'),
  Type.Literal('token-expired'),
  Type.Literal('call-ended'),
]);
export type LeaveReason = Static<typeof LeaveReason>;

export const CallEndReason = Type.Union([
  Type.Literal('ended-by-host'),
  Type.Literal('empty'),
  Type.Literal('max-duration'),
  Type.Literal('server-stopped'),
]);
export type CallEndReason = Static<typeof CallEndReason>;
