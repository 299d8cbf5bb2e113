/** How calls are recorded, what becomes of a recording, and what it may take of this machine. */
import { Type } from '@sinclair/typebox';
import { choice, format, integer } from '../format.ts';
import { duration, size } from '../quantity.ts';
import { type Reader, readSettings } from '../read.ts';
import { optional, setting } from '../setting.ts';

const HOUR_MS = 3_600_000;

const FORMATS = ['mp4', 'webm'] as const;
const VIDEO_CODECS = ['h264', 'vp8', 'vp9'] as const;
const AUDIO_CODECS = ['aac', 'opus'] as const;

export type RecordingFormat = (typeof FORMATS)[number];
export type RecordingVideoCodec = (typeof VIDEO_CODECS)[number];
export type RecordingAudioCodec = (typeof AUDIO_CODECS)[number];

/** What players play of each format; the first of each is taken when nothing is said. */
export const CODECS_OF: Readonly<
  Record<
    RecordingFormat,
    { readonly video: readonly RecordingVideoCodec[]; readonly audio: readonly RecordingAudioCodec[] }
  >
> = {
  mp4: { video: ['h264'], audio: ['aac'] },
  webm: { video: ['vp8', 'vp9'], audio: ['opus'] },
};

const Resolution = Type.Object({
  // Encoders want even numbers.
  width: Type.Integer({ minimum: 160, maximum: 3_840, multipleOf: 2 }),
  height: Type.Integer({ minimum: 90, maximum: 2_160, multipleOf: 2 }),
});

export const recordingSettings = {
  RECORDING_FORMAT: setting(choice(FORMATS), {
    default: 'mp4',
    doc: 'What a recording is made into when its start does not say.',
  }),
  RECORDING_VIDEO_CODEC: optional(choice(VIDEO_CODECS), {
    doc: 'The codec of the picture. It must be one of the format: h264 in mp4, vp8 or vp9 in webm.',
    defaultText: 'h264 for mp4, vp8 for webm',
  }),
  RECORDING_AUDIO_CODEC: optional(choice(AUDIO_CODECS), {
    doc: 'The codec of the sound: aac in mp4, opus in webm.',
    defaultText: 'aac for mp4, opus for webm',
  }),
  RECORDING_VIDEO_BITRATE: setting(integer({ minimum: 50_000, maximum: 100_000_000 }), {
    default: 2_000_000,
    doc: 'Bits a second of the composed picture.',
  }),
  RECORDING_AUDIO_BITRATE: setting(integer({ minimum: 8_000, maximum: 512_000 }), {
    default: 128_000,
    doc: 'Bits a second of the mixed sound.',
  }),
  RECORDING_FRAMERATE: setting(integer({ minimum: 1, maximum: 60 }), {
    default: 30,
    doc: 'Frames a second of the composed picture.',
  }),
  RECORDING_RESOLUTION: setting(
    format({
      schema: Resolution,
      expected: 'a width and a height, both even, such as 1280x720',
      read: (value) => {
        const [, width, height] = /^(\d{2,4})x(\d{2,4})$/.exec(value) ?? [];
        return { width: Number(width), height: Number(height) };
      },
      print: ({ width, height }) => `${width}x${height}`,
    }),
    { default: { width: 1_280, height: 720 }, doc: 'The size of the composed picture.' },
  ),
  RECORDING_MAX_DURATION: setting(duration({ minimumMs: 1_000, maximumMs: 24 * 24 * HOUR_MS }), {
    default: 24 * HOUR_MS,
    doc: 'A recording that runs for longer ends; its start may ask for less.',
  }),
  RECORDING_RETENTION_DAYS: setting(integer({ minimum: 0, maximum: 36_500 }), {
    default: 0,
    doc: 'Recordings older than this are deleted, with all their files. 0 keeps them for ever.',
  }),
  RECORDING_JOBS: setting(integer({ minimum: 1, maximum: 64 }), {
    computed: ({ cores }) => Math.max(1, Math.floor(cores / 2)),
    defaultText: 'half of the processor cores, at least 1',
    doc: 'How many recordings are made into files at once; the others wait.',
  }),
  RECORDING_RETRY_FOR: setting(duration({ minimumMs: 1_000, maximumMs: 30 * 24 * HOUR_MS }), {
    default: 24 * HOUR_MS,
    doc: 'How long a recording that cannot be made into files or stored is tried again, with pauses of up to five minutes. Then it has failed, and can be begun again by its route.',
  }),
  RECORDING_PORT_RANGE: setting(
    format({
      schema: Type.Object({
        from: Type.Integer({ minimum: 1_024, maximum: 65_534, multipleOf: 2 }),
        to: Type.Integer({ minimum: 1_025, maximum: 65_535 }),
      }),
      expected: 'two ports, the first even, such as 50000-54999',
      read: (value) => {
        const [, from, to] = /^(\d{4,5})-(\d{4,5})$/.exec(value) ?? [];
        return Number(from) < Number(to) ? { from: Number(from), to: Number(to) } : undefined;
      },
      print: ({ from, to }) => `${from}-${to}`,
    }),
    {
      default: { from: 50_000, to: 54_999 },
      doc: 'UDP ports of this machine alone, over which tracks go to ffmpeg: two for each track that is recorded. Nothing comes in by them from outside.',
    },
  ),
  DISK_MIN_FREE: setting(size({ minimumBytes: 0, maximumBytes: 1024 ** 4 }), {
    default: 1024 ** 3,
    doc: 'With less free space in DATA_DIR no recording begins, and running ones end in good order.',
  }),
};

export interface RecordingConfig {
  readonly format: RecordingFormat;
  readonly videoCodec: RecordingVideoCodec | undefined;
  readonly audioCodec: RecordingAudioCodec | undefined;
  readonly videoBitrate: number;
  readonly audioBitrate: number;
  readonly framerate: number;
  readonly resolution: { readonly width: number; readonly height: number };
  readonly maxDurationMs: number;
  readonly retentionDays: number;
  readonly jobs: number;
  readonly retryForMs: number;
  readonly ports: { readonly from: number; readonly to: number };
  readonly diskMinFreeBytes: number;
}

export function readRecording(reader: Reader): RecordingConfig {
  const values = readSettings(recordingSettings, reader);
  const { RECORDING_FORMAT, RECORDING_VIDEO_CODEC, RECORDING_AUDIO_CODEC } = values;
  const fitting = CODECS_OF[RECORDING_FORMAT];
  const refuse = (name: string, codec: string, codecs: readonly string[]) =>
    reader.problems.add({
      name,
      what: `is ${codec}, which ${RECORDING_FORMAT} does not hold`,
      expected: `for RECORDING_FORMAT=${RECORDING_FORMAT} one of ${codecs.join(', ')}`,
      remedy: `change ${name} or RECORDING_FORMAT, or unset ${name}`,
    });
  if (RECORDING_VIDEO_CODEC && !fitting.video.includes(RECORDING_VIDEO_CODEC)) {
    refuse('RECORDING_VIDEO_CODEC', RECORDING_VIDEO_CODEC, fitting.video);
  }
  if (RECORDING_AUDIO_CODEC && !fitting.audio.includes(RECORDING_AUDIO_CODEC)) {
    refuse('RECORDING_AUDIO_CODEC', RECORDING_AUDIO_CODEC, fitting.audio);
  }
  return {
    format: RECORDING_FORMAT,
    videoCodec: RECORDING_VIDEO_CODEC,
    audioCodec: RECORDING_AUDIO_CODEC,
    videoBitrate: values.RECORDING_VIDEO_BITRATE,
    audioBitrate: values.RECORDING_AUDIO_BITRATE,
    framerate: values.RECORDING_FRAMERATE,
    resolution: values.RECORDING_RESOLUTION,
    maxDurationMs: values.RECORDING_MAX_DURATION,
    retentionDays: values.RECORDING_RETENTION_DAYS,
    jobs: values.RECORDING_JOBS,
    retryForMs: values.RECORDING_RETRY_FOR,
    ports: values.RECORDING_PORT_RANGE,
    diskMinFreeBytes: values.DISK_MIN_FREE,
  };
}
