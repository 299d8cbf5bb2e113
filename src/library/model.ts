/** The shapes of the library's routes: one for recordings of every kind. */
import { type Static, Type } from '@sinclair/typebox';
import { Pagination, pageFields } from '../http/index.ts';
import { RoomId } from '../protocol/index.ts';

const Moment = Type.String({ format: 'date-time' });
const orNull = <T extends ReturnType<typeof Type.String | typeof Type.Integer>>(schema: T) =>
  Type.Union([schema, Type.Null()]);
const Kind = Type.Union([
  Type.Literal('call'),
  Type.Literal('ingest'),
  Type.Literal('live'),
  Type.Literal('phone'),
]);
const Status = Type.Union([
  Type.Literal('recording'),
  Type.Literal('processing'),
  Type.Literal('completed'),
  Type.Literal('failed'),
]);
const RecordingId = Type.String({ format: 'uuid' });

const RecordingFile = Type.Object({
  name: Type.String(),
  kind: Type.String({ description: 'composed, track, audio, thumbnail or manifest' }),
  size: Type.Integer({ description: 'bytes' }),
  type: Type.String({ description: 'the media type' }),
});

const EXAMPLE = {
  id: '01a1fd47-2503-775f-89fa-9e9145e2f13f',
  kind: 'call',
  call_id: '01a1fd47-1111-775f-89fa-9e9145e2f13f',
  room_id: 'standup',
  owner_id: 'alice',
  name: 'Stand-up',
  stream_id: null,
  video_id: null,
  file_path: 'calls/01a1fd47-2503-775f-89fa-9e9145e2f13f/recording.mp4',
  duration: 912,
  file_size: 48_213_004,
  status: 'completed',
  phase: null,
  progress: 1,
  failure_reason: null,
  layout: 'grid',
  format: 'mp4',
  tracks: 4,
  started_at: '2026-01-01T10:00:00.000Z',
  completed_at: '2026-01-01T10:17:03.000Z',
  files: [{ name: 'recording.mp4', kind: 'composed', size: 48_211_000, type: 'video/mp4' }],
};

export const RecordingResource = Type.Object(
  {
    id: RecordingId,
    kind: Kind,
    call_id: orNull(Type.String()),
    room_id: orNull(Type.String()),
    owner_id: orNull(Type.String()),
    name: Type.String(),
    stream_id: orNull(Type.String()),
    video_id: orNull(Type.String()),
    file_path: Type.String({ description: 'empty until the files are there' }),
    duration: Type.Integer({ description: 'seconds' }),
    file_size: Type.Integer({ description: 'bytes of all files' }),
    status: Status,
    phase: Type.Union([Type.String(), Type.Null()], { description: 'what is done now, while processing' }),
    progress: Type.Number({ minimum: 0, maximum: 1 }),
    failure_reason: orNull(Type.String()),
    layout: orNull(Type.String()),
    format: orNull(Type.String()),
    tracks: Type.Integer({ description: 'how many tracks were recorded' }),
    started_at: Moment,
    completed_at: orNull(Type.String({ format: 'date-time' })),
    files: Type.Array(RecordingFile),
  },
  { examples: [EXAMPLE] },
);
export type RecordingResource = Static<typeof RecordingResource>;

export const RecordingList = Type.Object(
  { recordings: Type.Array(RecordingResource), pagination: Pagination },
  { examples: [{ recordings: [EXAMPLE], pagination: { page: 1, limit: 20, total: 1, pages: 1 } }] },
);
export type RecordingList = Static<typeof RecordingList>;

export const RecordingsQuery = Type.Object({
  kind: Type.Optional(Kind),
  status: Type.Optional(Status),
  room_id: Type.Optional(RoomId),
  ...pageFields,
});
export type RecordingsQuery = Static<typeof RecordingsQuery>;

export const RecordingParams = Type.Object({ id: RecordingId });
export const FileParams = Type.Object({
  id: RecordingId,
  /** As it stands in the address, perhaps encoded. */
  '*': Type.String({
    description: 'the name of the file',
    minLength: 1,
    maxLength: 200,
    pattern: '^[A-Za-z0-9_.@/%-]+$',
  }),
});
export const FileQuery = Type.Object({
  token: Type.Optional(Type.String({ description: 'of POST /recordings/:id/link, instead of a header' })),
  download: Type.Optional(
    Type.String({ description: 'anything: the browser is to keep it, and not to show it' }),
  ),
});

/** The name that an address means. It is only ever compared with the names that are there. */
export function readFileName(inAddress: string): string {
  try {
    return decodeURIComponent(inAddress);
  } catch {
    // What cannot be decoded is the name of no file.
    return inAddress;
  }
}

export const EventsQuery = Type.Object({ token: Type.Optional(Type.String()) });

export const Link = Type.Object(
  { token: Type.String(), expiresAt: Moment },
  { examples: [{ token: '<header>.<claims>.<signature>', expiresAt: '2026-01-01T10:10:00.000Z' }] },
);
export type Link = Static<typeof Link>;
