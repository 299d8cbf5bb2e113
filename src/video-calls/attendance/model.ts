/** The shapes of the routes that tell who was in a call and what it came to. */
import { type Static, type TNumber, Type } from '@sinclair/typebox';
import { Pagination, pageFields } from '../../http/index.ts';
import { RoomId, RunningRecording, UserId } from '../../protocol/index.ts';

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

export const StayList = Type.Object(
  {
    participants: Type.Array(Stay, { description: 'one entry a stay: who left and came back has two' }),
    pagination: Pagination,
  },
  {
    examples: [
      {
        participants: [
          {
            userId: 'alice',
            name: 'Alice',
            joinedAt: '2026-01-01T10:00:00.000Z',
            leftAt: '2026-01-01T10:30:00.000Z',
            leaveReason: 'left',
            isPresent: false,
            isHidden: false,
          },
        ],
        pagination: { page: 1, limit: 20, total: 1, pages: 1 },
      },
    ],
  },
);
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

const TOTALS_EXAMPLE = {
  presentMs: 1_800_000,
  talkTimeMs: 240_000,
  chatMessages: 3,
  bytesReceived: 225_000_000,
  bytesSent: 223_000_000,
  averageScore: 9.6,
};

const analyticsFields = {
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
};

export const Analytics = Type.Object(analyticsFields, {
  examples: [
    {
      id: 'standup',
      callId: '01a1fd47-2503-775f-89fa-9e9145e2f13f',
      startedAt: '2026-01-01T10:00:00.000Z',
      endedAt: '2026-01-01T10:30:00.000Z',
      durationMs: 1_800_000,
      joined: 1,
      left: 1,
      reconnects: 0,
      participants: { total: 1, peak: 1 },
      ...TOTALS_EXAMPLE,
      users: [{ userId: 'alice', name: 'Alice', stays: 1, reconnects: 0, ...TOTALS_EXAMPLE }],
    },
  ],
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

const liveFields = {
  id: RoomId,
  callId: Type.String({ format: 'uuid' }),
  participantCount: Type.Integer(),
  activeSpeaker: Type.Union([UserId, Type.Null()]),
  recording: Type.Union([RunningRecording, Type.Null()], { description: 'what is being recorded now' }),
  participants: Type.Array(
    Type.Object({
      userId: UserId,
      name: Type.String(),
      up: Type.Object(Direction.properties, { description: 'from the client to the server' }),
      down: Type.Object(Direction.properties, { description: 'from the server to the client' }),
    }),
  ),
};

const FLOW_EXAMPLE = { bitrate: 32_000, rttMs: 24, loss: 0, jitterMs: 2, score: 10 };

export const LiveStats = Type.Object(liveFields, {
  examples: [
    {
      id: 'standup',
      callId: '01a1fd47-2503-775f-89fa-9e9145e2f13f',
      participantCount: 1,
      activeSpeaker: 'alice',
      recording: null,
      participants: [
        {
          userId: 'alice',
          name: 'Alice',
          up: {
            ...FLOW_EXAMPLE,
            tracks: [
              {
                trackId: '01a1fd47-3000-7000-8000-000000000002',
                kind: 'audio',
                ...FLOW_EXAMPLE,
                layers: null,
              },
            ],
          },
          down: { bitrate: 0, rttMs: null, loss: null, jitterMs: null, score: null, tracks: [] },
        },
      ],
    },
  ],
});
export type LiveStats = Static<typeof LiveStats>;
