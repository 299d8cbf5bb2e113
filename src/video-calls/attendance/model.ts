/** The shapes of the routes that tell who was in a call and what it came to. */
import { type Static, type TNumber, Type } from '@sinclair/typebox';
import { Pagination, pageFields } from '../../http/index.ts';
import { RoomId, UserId } from '../../protocol/index.ts';

const Moment = Type.String({ format: 'date-time' });
const OptionalMoment = Type.Union([Moment, Type.Null()]);

export const StaysQuery = Type.Object(pageFields);
export type StaysQuery = Static<typeof StaysQuery>;

const Stay = Type.Object({
  userId: UserId,
  name: Type.Union([Type.String(), Type.Null()]),
  joinedAt: Moment,
  leftAt: OptionalMoment,
  leaveReason: Type.Union([Type.String({ examples: ['left'] }), Type.Null()]),
  isPresent: Type.Boolean(),
  isHidden: Type.Boolean({ description: 'only admins are told of hidden participants' }),
});

export const StayList = Type.Object({
  participants: Type.Array(Stay, { description: 'one entry a stay: who left and came back has two' }),
  pagination: Pagination,
});
export type StayList = Static<typeof StayList>;

const Score = Type.Union([Type.Number({ minimum: 0, maximum: 10 }), Type.Null()], {
  description: 'transmission quality of what was published, 0 to 10; null when nothing was',
});

const totals = {
  presentMs: Type.Integer({ description: 'all stays together' }),
  talkTimeMs: Type.Integer({ description: 'how long their microphones were heard' }),
  chatMessages: Type.Integer(),
  bytesReceived: Type.Integer({ description: 'from clients to the server' }),
  bytesSent: Type.Integer({ description: 'from the server to clients' }),
  averageScore: Score,
};

export const Analytics = Type.Object({
  id: RoomId,
  callId: Type.String({ format: 'uuid' }),
  startedAt: OptionalMoment,
  endedAt: OptionalMoment,
  durationMs: Type.Integer({ description: 'until now, while the call goes on' }),
  joined: Type.Integer({ description: 'how often somebody came' }),
  left: Type.Integer({ description: 'how often somebody left' }),
  reconnects: Type.Integer({
    description: 'how often somebody came back: on another socket, or for another stay',
  }),
  participants: Type.Object({
    total: Type.Integer(),
    peak: Type.Integer({ description: 'at the same time' }),
  }),
  ...totals,
  users: Type.Array(
    Type.Object({
      userId: UserId,
      name: Type.Union([Type.String(), Type.Null()]),
      stays: Type.Integer(),
      reconnects: Type.Integer(),
      ...totals,
    }),
  ),
});
export type Analytics = Static<typeof Analytics>;

const Known = (type: TNumber, description: string) => Type.Union([type, Type.Null()], { description });
const flow = {
  bitrate: Type.Number({ description: 'bits per second' }),
  rttMs: Known(Type.Number(), 'round-trip time; null while it is not measured'),
  loss: Known(Type.Number({ minimum: 0, maximum: 1 }), 'the part of the packets that was lost lately'),
  jitterMs: Known(Type.Number(), 'variation of the arrival'),
  score: Known(Type.Number({ minimum: 0, maximum: 10 }), '0 (dead) to 10'),
};
const Layers = Type.Object({ spatialLayer: Type.Integer(), temporalLayer: Type.Optional(Type.Integer()) });
const Direction = Type.Object({
  ...flow,
  tracks: Type.Array(
    Type.Object({
      trackId: Type.String(),
      kind: Type.Union([Type.Literal('audio'), Type.Literal('video')]),
      ...flow,
      layers: Type.Union([Layers, Type.Null()]),
    }),
  ),
});

export const LiveStats = Type.Object({
  id: RoomId,
  callId: Type.String({ format: 'uuid' }),
  participantCount: Type.Integer(),
  activeSpeaker: Type.Union([UserId, Type.Null()]),
  participants: Type.Array(
    Type.Object({
      userId: UserId,
      name: Type.String(),
      up: Type.Object(Direction.properties, { description: 'from the client to the server' }),
      down: Type.Object(Direction.properties, { description: 'from the server to the client' }),
    }),
  ),
});
export type LiveStats = Static<typeof LiveStats>;
