/** Parts of different formats made alike, so that one file holds them: only what differs is encoded again. */
import type { MediaStream, ProbedFile } from '../../ffmpeg/index.ts';
import type { Workshop } from './workshop.ts';

export interface RemuxedPart extends ProbedFile {
  readonly file: string;
}

interface Target {
  readonly width: number;
  readonly height: number;
  readonly hasVideo: boolean;
  readonly hasAudio: boolean;
  readonly encodesVideo: boolean;
  readonly encodesAudio: boolean;
}

const AUDIO = ['-c:a', 'aac', '-b:a', '160k', '-ar', '48000', '-ac', '2'];
const VIDEO = ['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '21', '-pix_fmt', 'yuv420p'];
const SILENCE = ['-f', 'lavfi', '-i', 'anullsrc=r=48000:cl=stereo'];
const FALLBACK_SIZE = { width: 1_280, height: 720 };

/** The files to be joined, in their order. Rejects as `Workshop.make` does. */
export async function conform(parts: readonly RemuxedPart[], workshop: Workshop): Promise<string[]> {
  const target = targetOf(parts);
  if (!target.encodesVideo && !target.encodesAudio) return parts.map(({ file }) => file);
  const files: string[] = [];
  for (const part of parts) files.push(await conformPart(part, target, workshop));
  return files;
}

async function conformPart(part: RemuxedPart, target: Target, workshop: Workshop): Promise<string> {
  const { file, durationSeconds } = part;
  const out = `alike-${file}`;
  const [video, audio] = [streamOf(part, 'video'), streamOf(part, 'audio')];
  const blank = `color=black:s=${target.width}x${target.height}:r=25`;
  const inputs = [
    ...['-i', `file:${file}`],
    ...(target.hasVideo && !video ? ['-f', 'lavfi', '-i', blank] : []),
    ...(target.hasAudio && !audio ? SILENCE : []),
  ];
  const added = target.hasVideo && !video ? 1 : 0;
  const picture = target.hasVideo
    ? [
        ...['-map', video ? '0:v:0' : '1:v:0'],
        ...(target.encodesVideo ? ['-vf', fit(target), ...VIDEO] : ['-c:v', 'copy']),
      ]
    : [];
  const sound = target.hasAudio
    ? ['-map', audio ? '0:a:0' : `${1 + added}:a:0`, ...(target.encodesAudio ? AUDIO : ['-c:a', 'copy'])]
    : [];
  const length = video && audio ? [] : ['-t', String(durationSeconds)];
  await workshop.make([...inputs, ...picture, ...sound, ...length, '-video_track_timescale', '90000', out]);
  return out;
}

/** The size of what is seen for the longest time. */
function targetOf(parts: readonly RemuxedPart[]): Target {
  const pictures = parts.map((part) => streamOf(part, 'video'));
  const sounds = parts.map((part) => streamOf(part, 'audio'));
  const seconds = new Map<string, number>();
  for (const [index, picture] of pictures.entries()) {
    if (!picture?.width || !picture.height) continue;
    const size = `${even(picture.width)}x${even(picture.height)}`;
    seconds.set(size, (seconds.get(size) ?? 0) + (parts[index]?.durationSeconds ?? 0));
  }
  const [longest] = [...seconds].toSorted(([, a], [, b]) => b - a);
  const [width, height] = longest?.[0].split('x').map(Number) ?? [];
  return {
    width: width ?? FALLBACK_SIZE.width,
    height: height ?? FALLBACK_SIZE.height,
    hasVideo: pictures.some(Boolean),
    hasAudio: sounds.some(Boolean),
    encodesVideo: differ(pictures, ({ codec_name, width: w, height: h, pix_fmt }) => [
      codec_name,
      w,
      h,
      pix_fmt,
    ]),
    encodesAudio: differ(sounds, ({ codec_name, sample_rate, channels }) => [
      codec_name,
      sample_rate,
      channels,
    ]),
  };
}

function differ(
  streams: readonly (MediaStream | undefined)[],
  of: (stream: MediaStream) => unknown[],
): boolean {
  return new Set(streams.map((stream) => JSON.stringify(stream ? of(stream) : null))).size > 1;
}

function streamOf({ streams }: ProbedFile, kind: 'video' | 'audio'): MediaStream | undefined {
  return streams.find(({ codec_type }) => codec_type === kind);
}

function fit({ width, height }: Target): string {
  const size = `${width}:${height}`;
  return `scale=${size}:force_original_aspect_ratio=decrease,pad=${size}:(ow-iw)/2:(oh-ih)/2,setsar=1`;
}

function even(value: number): number {
  return Math.max(2, value - (value % 2));
}
