/** The shapes of the phone routes: what comes in, what goes out. Names as in the system that they come from. */
import { type Static, Type } from '@sinclair/typebox';
import { PHONE_CALL_STATUSES } from '../db/index.ts';
import { Pagination, pageFields } from '../http/index.ts';
import { RoomId } from '../protocol/index.ts';

const CallId = Type.String({ format: 'uuid' });
const Moment = Type.String({ format: 'date-time' });
const Status = Type.Unsafe<(typeof PHONE_CALL_STATUSES)[number]>(
  Type.Union(PHONE_CALL_STATUSES.map((status) => Type.Literal(status))),
);
/** As SDP comes over the socket of calls too. */
const MAX_SDP_LENGTH = 256 * 1024;

const ID = '0199c0de-7a11-7000-8000-000000000001';
const OFFER = 'v=0\r\no=kaa 1 1 IN IP4 127.0.0.1\r\n…';

export const DialParams = Type.Object({ id: RoomId });

export const CallParams = Type.Object({ call_id: CallId });

/** Whether it is there is said in the words of the seed, so the schema lets it be missing. */
const PhoneNumber = Type.Optional(Type.String({ maxLength: 64, description: 'E.164; required' }));

/** A phone in a video call is in the recording of that. */
export const DialRequest = Type.Object(
  { phone_number: PhoneNumber },
  { additionalProperties: false, examples: [{ phone_number: '+14155550123' }] },
);

export const InitiateRequest = Type.Object(
  {
    phone_number: PhoneNumber,
    record: Type.Optional(Type.Boolean({ description: 'the call is recorded; not unless it is asked for' })),
  },
  { additionalProperties: false, examples: [{ phone_number: '+14155550123' }] },
);

export const InitiateHeaders = Type.Object(
  { 'idempotency-key': Type.Optional(Type.String({ minLength: 1, maxLength: 255 })) },
  { additionalProperties: true },
);

export const InitiateResponse = Type.Object(
  {
    call_id: CallId,
    session_id: Type.String(),
    sdp_offer: Type.String(),
    status: Status,
    start_time: Moment,
  },
  {
    examples: [
      {
        call_id: ID,
        session_id: 'CA0123',
        sdp_offer: OFFER,
        status: 'connecting',
        start_time: '2026-01-01T10:00:00.000Z',
      },
    ],
  },
);

export const AnswerRequest = Type.Object(
  { sdp_answer: Type.String({ minLength: 1, maxLength: MAX_SDP_LENGTH }) },
  { additionalProperties: false, examples: [{ sdp_answer: 'v=0\r\n…' }] },
);

export const Told = Type.Object(
  { call_id: CallId, status: Status },
  { examples: [{ call_id: ID, status: 'connecting' }] },
);

export const CandidatesRequest = Type.Object(
  {
    candidate: Type.Optional(Type.Unknown()),
    candidates: Type.Optional(Type.Array(Type.Unknown(), { maxItems: 100 })),
  },
  {
    additionalProperties: false,
    examples: [
      { candidates: [{ candidate: 'candidate:1 1 udp 2122260223 192.0.2.7 61764 typ host', sdpMid: '0' }] },
    ],
  },
);

export const DtmfRequest = Type.Object(
  { digits: Type.Optional(Type.String({ maxLength: 32, description: '0 to 9, A to D, * and #; required' })) },
  { additionalProperties: false, examples: [{ digits: '1234#' }] },
);

export const TerminateRequest = Type.Object(
  { call_id: Type.Optional(Type.String({ format: 'uuid', description: 'required' })) },
  { additionalProperties: false, examples: [{ call_id: ID }] },
);

export const TerminateResponse = Type.Object(
  { call_id: CallId, duration: Type.Integer({ description: 'seconds from the answer on' }), status: Status },
  { examples: [{ call_id: ID, duration: 65, status: 'completed' }] },
);

const Frames = Type.Object({
  received: Type.Integer(),
  lost: Type.Integer(),
  late: Type.Integer(),
  concealed: Type.Integer(),
  skipped: Type.Integer(),
});

const Direction = Type.Object({
  loss: Type.Union([Type.Number(), Type.Null()]),
  rtt_ms: Type.Union([Type.Number(), Type.Null()]),
  jitter_ms: Type.Union([Type.Number(), Type.Null()]),
});

export const PhoneQuality = Type.Object({
  from_phone: Frames,
  to_phone: Frames,
  /** Between the browser of the caller and the server; null in a video call. */
  caller: Type.Union([Direction, Type.Null()]),
});
export type PhoneQuality = Static<typeof PhoneQuality>;

const orNull = <T extends ReturnType<typeof Type.String>>(schema: T) => Type.Union([schema, Type.Null()]);

const EXAMPLE = {
  call_id: ID,
  session_id: 'CA0123',
  user_id: 'alice',
  phone_number: '+14155550123',
  status: 'completed' as const,
  is_ringing: false,
  start_time: '2026-01-01T10:00:00.000Z',
  answered_at: '2026-01-01T10:00:05.000Z',
  end_time: '2026-01-01T10:01:10.000Z',
  duration: 65,
  end_reason: 'caller-hung-up',
  room_id: null,
  record: false,
  sdp_offer: null,
};

export const PhoneCallResource = Type.Object(
  {
    call_id: CallId,
    session_id: orNull(Type.String()),
    user_id: Type.String(),
    phone_number: Type.String(),
    status: Status,
    is_ringing: Type.Boolean({ description: 'the phone of the far end rings now' }),
    start_time: Moment,
    answered_at: orNull(Type.String({ format: 'date-time' })),
    end_time: orNull(Type.String({ format: 'date-time' })),
    duration: Type.Integer({ description: 'seconds from the answer on' }),
    end_reason: orNull(Type.String()),
    room_id: Type.Union([Type.String(), Type.Null()], { description: 'the video call that it is part of' }),
    record: Type.Boolean({
      description: 'it is or was recorded; the recording has the same id, until it is deleted',
    }),
    sdp_offer: Type.Union([Type.String(), Type.Null()], {
      description: 'to be answered; null when it has been, or the call has ended',
    }),
  },
  { examples: [EXAMPLE] },
);
export type PhoneCallResource = Static<typeof PhoneCallResource>;

export const PhoneCallList = Type.Object(
  { calls: Type.Array(PhoneCallResource), pagination: Pagination },
  { examples: [{ calls: [EXAMPLE], pagination: { page: 1, limit: 20, total: 1, pages: 1 } }] },
);
export type PhoneCallList = Static<typeof PhoneCallList>;

export const PhoneCallsQuery = Type.Object({
  ...pageFields,
  all: Type.Optional(
    Type.Union([Type.Literal('true'), Type.Literal('false')], {
      description: 'those of everybody, for an admin',
    }),
  ),
});
export type PhoneCallsQuery = Static<typeof PhoneCallsQuery>;
