/** The shapes of the routes that tell who was in a call and what it came to. */
import { type Static, Type } from '@sinclair/typebox';
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
  talkTimeMs: Type.Integer({ description: 'how long they were the active speaker' }),
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
  reconnects: Type.Integer({ description: 'stays of a user beyond the first' }),
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
      ...totals,
    }),
  ),
});
export type Analytics = Static<typeof Analytics>;
