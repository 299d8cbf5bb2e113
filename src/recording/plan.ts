/** Everything about a recording that its finish must know; written into its folder before the capture begins. */
import { type Static, Type } from '@sinclair/typebox';

export const RECORDING_LAYOUTS = ['grid', 'speaker', 'screen-first', 'tracks-only', 'audio-only'] as const;
export const RECORDING_FORMATS = ['mp4', 'webm'] as const;

export const RecordingLayout = Type.Union(RECORDING_LAYOUTS.map((layout) => Type.Literal(layout)));
export type RecordingLayout = Static<typeof RecordingLayout>;
export const RecordingFormat = Type.Union(RECORDING_FORMATS.map((format) => Type.Literal(format)));
export type RecordingFormat = Static<typeof RecordingFormat>;

export const RecordingPlan = Type.Object({
  recordingId: Type.String(),
  callId: Type.String(),
  roomId: Type.String(),
  name: Type.String(),
  layout: RecordingLayout,
  format: RecordingFormat,
  /** Milliseconds since 1970. */
  startedAtMs: Type.Number(),
  video: Type.Object({
    codec: Type.Union([Type.Literal('h264'), Type.Literal('vp8'), Type.Literal('vp9')]),
    /** Bits per second. */
    bitrate: Type.Integer({ minimum: 1 }),
    width: Type.Integer({ minimum: 16 }),
    height: Type.Integer({ minimum: 16 }),
    /** Frames per second. */
    framerate: Type.Integer({ minimum: 1 }),
  }),
  audio: Type.Object({
    codec: Type.Union([Type.Literal('aac'), Type.Literal('opus')]),
    /** Bits per second. */
    bitrate: Type.Integer({ minimum: 1 }),
  }),
});
export type RecordingPlan = Static<typeof RecordingPlan>;
