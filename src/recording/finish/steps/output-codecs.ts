/** The codecs and containers of what is handed out, as arguments of ffmpeg. */
import type { RecordingPlan } from '../../plan.ts';

/** Between two keyframes at most: a player jumps no farther than this. */
const KEYFRAME_SECONDS = 2;

/** Every piece of a picture is made by the same ones: they can be joined without encoding them again. */
export function videoCodecArgs({ codec, bitrate, framerate }: RecordingPlan['video']): string[] {
  const rate = [
    '-b:v',
    String(bitrate),
    '-maxrate',
    String(Math.round(bitrate * 1.5)),
    '-bufsize',
    String(bitrate * 2),
  ];
  const common = [
    ...rate,
    '-g',
    String(KEYFRAME_SECONDS * framerate),
    '-pix_fmt',
    'yuv420p',
    '-flags:v',
    '+bitexact',
  ];
  switch (codec) {
    case 'h264':
      return ['-c:v', 'libx264', '-preset', 'veryfast', '-profile:v', 'high', ...common];
    case 'vp8':
      return ['-c:v', 'libvpx', '-deadline', 'realtime', '-cpu-used', '5', '-auto-alt-ref', '0', ...common];
    case 'vp9':
      return ['-c:v', 'libvpx-vp9', '-deadline', 'realtime', '-cpu-used', '7', '-row-mt', '1', ...common];
  }
}

/** MP4 keeps the order of H.264's frames exactly; it cannot hold VP8. */
export function pieceContainer({ codec }: RecordingPlan['video']): string {
  return codec === 'h264' ? 'mp4' : 'matroska';
}

export function audioCodecArgs({ codec, bitrate }: RecordingPlan['audio']): string[] {
  return ['-c:a', codec === 'aac' ? 'aac' : 'libopus', '-b:a', String(bitrate), '-flags:a', '+bitexact'];
}

/** An index in front, so that a player can begin and jump before it has everything. */
export function containerArgs(format: RecordingPlan['format']): string[] {
  const container =
    format === 'mp4' ? ['-movflags', '+faststart', '-f', 'mp4'] : ['-cues_to_front', '1', '-f', 'webm'];
  return ['-map_metadata', '-1', '-fflags', '+bitexact', ...container];
}

/** Of a file with a picture, or with sound alone. */
export function mediaType(format: RecordingPlan['format'], kind: 'audio' | 'video'): string {
  return `${kind}/${format}`;
}
