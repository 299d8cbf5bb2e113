/** What streams a media file has and how long it is, by its own table of contents. */
import { type Static, Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import { type RunOptions, runToEnd } from './run.ts';

const MediaStream = Type.Object({
  codec_type: Type.String(),
  codec_name: Type.Optional(Type.String()),
  width: Type.Optional(Type.Number()),
  height: Type.Optional(Type.Number()),
  pix_fmt: Type.Optional(Type.String()),
  sample_rate: Type.Optional(Type.String()),
  channels: Type.Optional(Type.Number()),
});
export type MediaStream = Static<typeof MediaStream>;

const Probe = Type.Object({
  streams: Type.Array(MediaStream),
  format: Type.Object({ duration: Type.Optional(Type.String()) }),
});

export interface ProbedFile {
  readonly streams: readonly MediaStream[];
  /** 0 when it does not say. */
  readonly durationSeconds: number;
}

const ENTRIES = 'stream=codec_type,codec_name,width,height,pix_fmt,sample_rate,channels:format=duration';

/** Of a file in `cwd`. Rejects as `runToEnd` does. */
export async function probeStreams(
  file: string,
  run: Pick<RunOptions, 'cwd' | 'niceness' | 'signal'>,
): Promise<ProbedFile> {
  const lines: string[] = [];
  await runToEnd({
    ...run,
    program: 'ffprobe',
    args: [
      '-v',
      'error',
      '-protocol_whitelist',
      'file',
      '-show_entries',
      ENTRIES,
      '-of',
      'json',
      `file:${file}`,
    ],
    onLine: (line) => lines.push(line),
  });
  const read: unknown = JSON.parse(lines.join('\n'));
  const { streams, format } = Value.Parse(Probe, read);
  const duration = Number(format.duration);
  return { streams, durationSeconds: Number.isFinite(duration) ? duration : 0 };
}
