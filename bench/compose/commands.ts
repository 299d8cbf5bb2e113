/** How somebody makes a grid of four with ffmpeg by hand: the same passes as a finish, without a timeline, a plan or a kill. */

export interface Command {
  /** Those of one stage run side by side. */
  readonly stage: number;
  readonly args: readonly string[];
}

export interface HandOptions {
  readonly videos: readonly string[];
  readonly audios: readonly string[];
  readonly names: readonly string[];
  readonly output: string;
}

const FRAMERATE = 30;
const TILE = '640:360';

export function writeByHand({ videos, audios, names, output }: HandOptions): Command[] {
  return [
    ...videos.map((video, index) => ({ stage: index < 2 ? 0 : 1, args: normaliseVideo(video, index) })),
    ...audios.map((audio, index) => ({ stage: index < 2 ? 2 : 3, args: normaliseAudio(audio, index) })),
    { stage: 4, args: compose(names) },
    { stage: 5, args: mix(audios.length) },
    { stage: 6, args: join(output) },
  ];
}

function normaliseVideo(video: string, index: number): string[] {
  const filter = `fps=${FRAMERATE},scale=${TILE}:flags=bilinear,format=yuv420p`;
  const codec = [
    '-c:v',
    'libx264',
    '-preset',
    'ultrafast',
    '-tune',
    'fastdecode',
    '-crf',
    '16',
    '-bf',
    '0',
    '-g',
    '30',
  ];
  return ['-i', video, '-map', '0:v', '-vf', filter, ...codec, `video-${index}.mkv`];
}

function normaliseAudio(audio: string, index: number): string[] {
  const filter = 'aresample=48000:async=1000:first_pts=0,aformat=sample_fmts=s16:channel_layouts=stereo';
  return [
    '-i',
    audio,
    '-map',
    '0:a',
    '-af',
    filter,
    '-c:a',
    'flac',
    '-compression_level',
    '2',
    `audio-${index}.flac`,
  ];
}

function compose(names: readonly string[]): string[] {
  const inputs = names.flatMap((_, index) => ['-threads', '2', '-i', `video-${index}.mkv`]);
  const tags = names.map(
    (name, index) =>
      `[${index}:v]drawtext=font=Sans:text=${name}:fontsize=20:fontcolor=white:x=10:y=h-30:box=1:boxcolor=black@0.55[t${index}]`,
  );
  const stack = '[t0][t1][t2][t3]xstack=inputs=4:layout=0_0|640_0|0_360|640_360[v]';
  const codec = ['-c:v', 'libx264', '-preset', 'veryfast', '-profile:v', 'high', '-b:v', '2000000'];
  const rate = ['-maxrate', '3000000', '-bufsize', '4000000', '-g', '60'];
  return [
    ...inputs,
    '-filter_complex',
    [...tags, stack].join(';'),
    '-map',
    '[v]',
    ...codec,
    ...rate,
    'picture.mp4',
  ];
}

function mix(count: number): string[] {
  const inputs = Array.from({ length: count }, (_, index) => ['-i', `audio-${index}.flac`]).flat();
  const filter = `amix=inputs=${count}:normalize=0`;
  return [...inputs, '-filter_complex', filter, '-c:a', 'flac', '-compression_level', '2', 'sound.flac'];
}

function join(output: string): string[] {
  const codec = ['-c:v', 'copy', '-af', 'alimiter=limit=0.84:level=0', '-c:a', 'aac', '-b:a', '128000'];
  return ['-i', 'picture.mp4', '-i', 'sound.flac', ...codec, '-movflags', '+faststart', output];
}
