/** What the socket says of recordings: the one of a call while it runs, and what becomes of it afterwards. */
import { type Static, Type } from '@sinclair/typebox';
import { UserId } from './identifiers.ts';

export const RecordingId = Type.String({ format: 'uuid' });

export const RecordingLayout = Type.Union(
  [
    Type.Literal('grid'),
    Type.Literal('speaker'),
    Type.Literal('screen-first'),
    Type.Literal('tracks-only'),
    Type.Literal('audio-only'),
  ],
  {
    description:
      '`grid`: all the same size. `speaker`: who speaks is large. `screen-first`: a shared screen, else as `grid`. `tracks-only`: a file for each track, nothing composed. `audio-only`: the mixed sound.',
  },
);
export type RecordingLayout = Static<typeof RecordingLayout>;

export const RecordingFormat = Type.Union([Type.Literal('mp4'), Type.Literal('webm')]);
export type RecordingFormat = Static<typeof RecordingFormat>;

/** How a call is to be recorded; what is left out is as the call or the server is set up. */
export const RecordingRequest = Type.Object(
  {
    layout: Type.Optional(RecordingLayout),
    format: Type.Optional(RecordingFormat),
    maxDurationMs: Type.Optional(
      Type.Integer({ minimum: 1_000, maximum: 24 * 24 * 3_600_000, description: 'Ends by itself then.' }),
    ),
  },
  { additionalProperties: false, examples: [{ layout: 'grid', format: 'mp4' }] },
);
export type RecordingRequest = Static<typeof RecordingRequest>;

const RecordingStatus = Type.Union([
  Type.Literal('recording'),
  Type.Literal('processing'),
  Type.Literal('completed'),
  Type.Literal('failed'),
]);

export const RecordingState = Type.Object(
  { recordingId: RecordingId, status: RecordingStatus },
  { examples: [{ recordingId: '01a1fd47-2503-775f-89fa-9e9145e2f13f', status: 'recording' }] },
);
export type RecordingState = Static<typeof RecordingState>;

/** The recording that runs in a call. */
export const RunningRecording = Type.Object({
  recordingId: RecordingId,
  startedAt: Type.String({ format: 'date-time' }),
  startedBy: Type.Union([UserId, Type.Null()], { description: 'Null when the call records by itself.' }),
});
export type RunningRecording = Static<typeof RunningRecording>;

export const RecordingStopReason = Type.Union(
  [
    Type.Literal('stopped'),
    Type.Literal('call-ended'),
    Type.Literal('max-duration'),
    Type.Literal('disk-full'),
    Type.Literal('deleted'),
  ],
  { description: 'Why nothing is recorded any more.' },
);
export type RecordingStopReason = Static<typeof RecordingStopReason>;
