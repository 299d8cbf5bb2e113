/** The shapes of the video-call routes: what comes in, what goes out. */
import { type Static, Type } from '@sinclair/typebox';
import { GivenMoment, Pagination, pageFields } from '../http/index.ts';
import { RoomId, UserId } from '../protocol/index.ts';

const Metadata = Type.Record(Type.String({ maxLength: 64 }), Type.Unknown(), { maxProperties: 64 });
const Moment = Type.String({ format: 'date-time' });
const OptionalMoment = Type.Union([Moment, Type.Null()]);
const Access = Type.Union([Type.Literal('open'), Type.Literal('invited')]);
const Status = Type.Union([Type.Literal('scheduled'), Type.Literal('active'), Type.Literal('ended')]);
const Title = Type.String({ minLength: 1, maxLength: 200 });
const Invited = Type.Array(UserId, { maxItems: 1_000, uniqueItems: true });

const MAX_CALL_SIZE = 1_000;
const MaxParticipants = Type.Integer({ minimum: 1, maximum: MAX_CALL_SIZE });

const CallSettings = Type.Object(
  {
    muteOnJoin: Type.Optional(Type.Boolean()),
    videoOnJoin: Type.Optional(Type.Boolean()),
    allowScreenShare: Type.Optional(Type.Boolean()),
    allowRecording: Type.Optional(Type.Boolean()),
    autoRecord: Type.Optional(Type.Boolean()),
    waitingRoom: Type.Optional(Type.Boolean()),
    topology: Type.Optional(
      Type.Union([Type.Literal('sfu'), Type.Literal('p2p')], {
        default: 'sfu',
        description:
          '`p2p`: media goes from one participant to another, and the server only passes descriptions on.',
      }),
    ),
    recordingLayout: Type.Optional(
      Type.Union([
        Type.Literal('grid'),
        Type.Literal('speaker'),
        Type.Literal('screen-first'),
        Type.Literal('tracks-only'),
        Type.Literal('audio-only'),
      ]),
    ),
  },
  { additionalProperties: false },
);

export const CreateCall = Type.Object(
  {
    id: Type.Optional(RoomId),
    title: Type.Optional(Title),
    type: Type.Optional(Type.String({ pattern: '^[a-z][a-z0-9-]{0,31}$', default: 'video' })),
    scheduledAt: Type.Optional(GivenMoment),
    maxParticipants: Type.Optional(MaxParticipants),
    access: Type.Optional(Access),
    invited: Type.Optional(Invited),
    settings: Type.Optional(CallSettings),
    metadata: Type.Optional(Metadata),
  },
  { additionalProperties: false, examples: [{ id: 'standup', title: 'Stand-up', maxParticipants: 12 }] },
);
export type CreateCall = Static<typeof CreateCall>;

export const UpdateCall = Type.Object(
  {
    title: Type.Optional(Title),
    settings: Type.Optional(CallSettings),
    invited: Type.Optional(Invited),
    metadata: Type.Optional(Metadata),
    maxParticipants: Type.Optional(MaxParticipants),
  },
  { additionalProperties: false, minProperties: 1, examples: [{ title: 'Stand-up, late' }] },
);
export type UpdateCall = Static<typeof UpdateCall>;

export const ListQuery = Type.Object({
  status: Type.Optional(Status),
  type: Type.Optional(Type.String({ maxLength: 32 })),
  from: Type.Optional({ ...GivenMoment, description: 'created at this moment or after it (RFC 3339)' }),
  to: Type.Optional({ ...GivenMoment, description: 'created before this moment, not at it (RFC 3339)' }),
  ...pageFields,
});
export type ListQuery = Static<typeof ListQuery>;

const LiveParticipant = Type.Object({
  userId: UserId,
  name: Type.String(),
  joinedAt: Moment,
  sources: Type.Array(Type.String({ description: 'what is published: microphone, camera, screen …' })),
});

const callFields = {
  id: RoomId,
  callId: Type.String({
    format: 'uuid',
    description: 'This one call; a room id may come back after its end.',
  }),
  title: Type.Union([Type.String(), Type.Null()]),
  type: Type.String(),
  status: Status,
  access: Access,
  invited: Type.Array(UserId),
  maxParticipants: Type.Integer(),
  settings: CallSettings,
  metadata: Metadata,
  createdBy: Type.Union([UserId, Type.Null()]),
  scheduledAt: OptionalMoment,
  startedAt: OptionalMoment,
  endedAt: OptionalMoment,
  endReason: Type.Union([Type.String(), Type.Null()]),
  createdAt: Moment,
  participants: Type.Array(LiveParticipant, { description: 'who is in the call now' }),
};

const CALL_EXAMPLE = {
  id: 'standup',
  callId: '01a1fd47-2503-775f-89fa-9e9145e2f13f',
  title: 'Stand-up',
  type: 'video',
  status: 'active',
  access: 'open',
  invited: [],
  maxParticipants: 12,
  settings: {},
  metadata: {},
  createdBy: 'alice',
  scheduledAt: null,
  startedAt: '2026-01-01T10:00:00.000Z',
  endedAt: null,
  endReason: null,
  createdAt: '2026-01-01T09:59:30.000Z',
  participants: [
    {
      userId: 'alice',
      name: 'Alice',
      joinedAt: '2026-01-01T10:00:00.000Z',
      sources: ['microphone', 'camera'],
    },
  ],
};

export const CallResource = Type.Object(callFields, { examples: [CALL_EXAMPLE] });
export type CallResource = Static<typeof CallResource>;

export const CallList = Type.Object(
  { calls: Type.Array(CallResource), pagination: Pagination },
  { examples: [{ calls: [CALL_EXAMPLE], pagination: { page: 1, limit: 20, total: 1, pages: 1 } }] },
);
export type CallList = Static<typeof CallList>;

export const CallParams = Type.Object({ id: RoomId });
