/** The shapes of live recordings on the wire: events, what other services answer, and the errors of these routes. */
import { type Static, Type } from '@sinclair/typebox';
import { GIVEN_MOMENT } from '../http/index.ts';
import { RecordingResource } from '../library/index.ts';

/** Also a part of names in the bucket and in the storage. */
const StreamKey = Type.String({ pattern: '^[A-Za-z0-9_-]{1,128}$' });
/** As its own system names it. */
const StreamId = Type.String({ minLength: 1, maxLength: 200, pattern: '^[^\\x00-\\x1f\\x7f/\\\\]+$' });
const UserId = Type.String({ pattern: '^[A-Za-z0-9_.@-]{1,128}$' });

export const StreamEvent = Type.Object(
  {
    event: Type.Union([Type.Literal('stream.started'), Type.Literal('stream.ended')]),
    stream_id: StreamId,
    stream_key: StreamKey,
    user_id: Type.Optional(Type.Union([UserId, Type.Null()])),
    timestamp: Type.String({ ...GIVEN_MOMENT, description: 'when it happened; of any age' }),
    playlist_url: Type.Optional(
      Type.Union([Type.String({ maxLength: 2_048, pattern: '^[Hh][Tt][Tt][Pp][Ss]?://' }), Type.Null()], {
        description: 'where the playlist is, when it is not in the bucket',
      }),
    ),
  },
  {
    additionalProperties: true,
    examples: [
      {
        event: 'stream.started',
        stream_id: 'bb52ba50-edc5-4056-a62c-6ef211d72d25',
        stream_key: 'd1eb2fe800d01c797c84f0b622e474d9',
        user_id: 'a781b655-d4e4-46a0-89da-c4f655bb24f0',
        timestamp: '2025-10-05T18:00:00Z',
      },
    ],
  },
);
export type StreamEvent = Static<typeof StreamEvent>;

export const Processed = Type.Object(
  { message: Type.String() },
  { examples: [{ message: 'Webhook processed successfully' }] },
);

/** The words in `error` are for people, as these routes have always had it; `code` is for programs. */
export const LiveError = Type.Object(
  { error: Type.String(), code: Type.String() },
  { examples: [{ error: 'Recording not found', code: 'recording_not_found' }] },
);

export const OneRecording = Type.Object(
  { recording: RecordingResource },
  { examples: [{ recording: RecordingResource.examples[0] }] },
);

/** What the stream service tells of a stream. */
export const ListedStream = Type.Object(
  {
    id: StreamId,
    stream_key: StreamKey,
    user_id: Type.Optional(Type.Union([UserId, Type.Null()])),
    status: Type.Optional(Type.String()),
    started_at: Type.Optional(Type.Union([Type.String(GIVEN_MOMENT), Type.Null()])),
    playlist_url: StreamEvent.properties.playlist_url,
  },
  { additionalProperties: true },
);
export const StreamList = Type.Object(
  { streams: Type.Array(Type.Unknown()) },
  { additionalProperties: true },
);
/** Of one stream: by itself, or wrapped. */
export const StreamState = Type.Union([
  Type.Object({ status: Type.String() }, { additionalProperties: true }),
  Type.Object(
    { stream: Type.Object({ status: Type.String() }, { additionalProperties: true }) },
    { additionalProperties: true },
  ),
]);

export const ImportRequest = Type.Object(
  {
    title: Type.String({ minLength: 1, maxLength: 200 }),
    description: Type.Optional(Type.String({ maxLength: 5_000 })),
    category: Type.Optional(Type.String({ maxLength: 100 })),
    visibility: Type.Optional(Type.String({ maxLength: 40 })),
  },
  {
    examples: [
      { title: 'My stream', description: 'Great stream!', category: 'gaming', visibility: 'public' },
    ],
  },
);
export type ImportRequest = Static<typeof ImportRequest>;

/** What the library of videos answers; either names the video. */
export const ImportAnswer = Type.Object(
  {
    video_id: Type.Optional(Type.Union([Type.String(), Type.Integer()])),
    id: Type.Optional(Type.Union([Type.String(), Type.Integer()])),
  },
  { additionalProperties: true },
);
