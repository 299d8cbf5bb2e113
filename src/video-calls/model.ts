/** The shapes of the video-call routes: what comes in, what goes out. */
import { type Static, t } from 'elysia';
import { RoomId, UserId } from '../protocol/index.ts';

const Metadata = t.Record(t.String({ maxLength: 64 }), t.Unknown(), { maxProperties: 64 });
const Moment = t.String({ format: 'date-time' });
const OptionalMoment = t.Union([Moment, t.Null()]);
const Access = t.Union([t.Literal('open'), t.Literal('invited')]);
const Status = t.Union([t.Literal('scheduled'), t.Literal('active'), t.Literal('ended')]);
const Title = t.String({ minLength: 1, maxLength: 200 });
const Invited = t.Array(UserId, { maxItems: 1_000, uniqueItems: true });

export const MAX_CALL_SIZE = 1_000;
const MaxParticipants = t.Integer({ minimum: 1, maximum: MAX_CALL_SIZE });

export const CallSettings = t.Object(
  {
    muteOnJoin: t.Optional(t.Boolean()),
    videoOnJoin: t.Optional(t.Boolean()),
    allowScreenShare: t.Optional(t.Boolean()),
    allowRecording: t.Optional(t.Boolean()),
    autoRecord: t.Optional(t.Boolean()),
    waitingRoom: t.Optional(t.Boolean()),
    recordingLayout: t.Optional(
      t.Union([
        t.Literal('grid'),
        t.Literal('speaker'),
        t.Literal('screen-first'),
        t.Literal('tracks-only'),
        t.Literal('audio-only'),
      ]),
    ),
  },
  { additionalProperties: false },
);
export type CallSettings = Static<typeof CallSettings>;

export const CreateCall = t.Object(
  {
    id: t.Optional(RoomId),
    title: t.Optional(Title),
    type: t.Optional(t.String({ pattern: '^[a-z][a-z0-9-]{0,31}$', default: 'video' })),
    scheduledAt: t.Optional(Moment),
    maxParticipants: t.Optional(MaxParticipants),
    access: t.Optional(Access),
    invited: t.Optional(Invited),
    settings: t.Optional(CallSettings),
    metadata: t.Optional(Metadata),
  },
  { additionalProperties: false, examples: [{ id: 'standup', title: 'Stand-up', maxParticipants: 12 }] },
);
export type CreateCall = Static<typeof CreateCall>;

export const UpdateCall = t.Object(
  {
    title: t.Optional(Title),
    settings: t.Optional(CallSettings),
    invited: t.Optional(Invited),
    metadata: t.Optional(Metadata),
    maxParticipants: t.Optional(MaxParticipants),
  },
  { additionalProperties: false, minProperties: 1, examples: [{ title: 'Stand-up, late' }] },
);
export type UpdateCall = Static<typeof UpdateCall>;

export const ListQuery = t.Object({
  status: t.Optional(Status),
  type: t.Optional(t.String({ maxLength: 32 })),
  from: t.Optional(t.String({ format: 'date-time', description: 'created at or after' })),
  to: t.Optional(t.String({ format: 'date-time', description: 'created before' })),
  page: t.Optional(t.Integer({ minimum: 1, maximum: 100_000, default: 1 })),
  limit: t.Optional(t.Integer({ minimum: 1, maximum: 100, default: 20 })),
});
export type ListQuery = Static<typeof ListQuery>;

const LiveParticipant = t.Object({
  userId: UserId,
  name: t.String(),
  joinedAt: Moment,
  sources: t.Array(t.String({ description: 'what is published: microphone, camera, screen …' })),
});

export const CallResource = t.Object({
  id: RoomId,
  callId: t.String({ format: 'uuid', description: 'This one call; a room id may come back after its end.' }),
  title: t.Union([t.String(), t.Null()]),
  type: t.String(),
  status: Status,
  access: Access,
  invited: t.Array(UserId),
  maxParticipants: t.Integer(),
  settings: CallSettings,
  metadata: Metadata,
  createdBy: t.Union([UserId, t.Null()]),
  scheduledAt: OptionalMoment,
  startedAt: OptionalMoment,
  endedAt: OptionalMoment,
  endReason: t.Union([t.String(), t.Null()]),
  createdAt: Moment,
  participants: t.Array(LiveParticipant, { description: 'who is in the call now' }),
});
export type CallResource = Static<typeof CallResource>;

export const CallList = t.Object({
  calls: t.Array(CallResource),
  pagination: t.Object({ page: t.Integer(), limit: t.Integer(), total: t.Integer(), pages: t.Integer() }),
});
export type CallList = Static<typeof CallList>;

export const CallParams = t.Object({ id: RoomId });
