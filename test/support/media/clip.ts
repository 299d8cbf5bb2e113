/**
 * A picture and a sound whose every moment can be told apart again: the number of each frame in black and white blocks, a
 * white flash of three frames and a beep of 100 ms at each full second. Encoded once, then sent by the packet.
 */
import { mkdir, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readIvf } from './ivf.ts';
import { readOggOpus } from './ogg.ts';

export const FRAMERATE = 30;
export const WIDTH = 320;
export const HEIGHT = 180;
/** Blocks of this size along the lower edge, the lowest bit on the left. */
export const BLOCK = 20;
export const COUNTER_BITS = 14;
const FLASH_FRAMES = 3;
const BEEP_MS = 100;
const BEEP_HZ = 1_000;
/** The upper part flashes; the blocks stay readable. */
export const FLASH_HEIGHT = 120;

export interface Clip {
  /** Encoded frames, `FRAMERATE` a second. */
  readonly frames: readonly Uint8Array[];
  /** Opus packets of 20 ms. */
  readonly packets: readonly Uint8Array[];
}

const OPUS_FRAME_MS = 20;

export interface ClipOptions {
  /** Frames from one keyframe to the next. */
  readonly gop?: number;
}

/** Of so many seconds; made once on this machine. Rejects when ffmpeg cannot encode it. */
export async function makeClip(seconds: number, options: ClipOptions = {}): Promise<Clip> {
  const { video, audio } = await clipFiles(seconds, options);
  return {
    frames: readIvf(await Bun.file(video).bytes()),
    packets: readOggOpus(await Bun.file(audio).bytes()).slice(0, (seconds * 1_000) / OPUS_FRAME_MS),
  };
}

/** The same as files: VP8 in IVF, and Opus in Ogg. */
export async function clipFiles(
  seconds: number,
  { gop = 15 }: ClipOptions = {},
): Promise<{ video: string; audio: string }> {
  const folder = join(tmpdir(), 'kaa-clips');
  const base = join(folder, `vp8-${seconds}s-gop${gop}-v1`);
  await mkdir(folder, { recursive: true });
  const [video, audio] = [`${base}.ivf`, `${base}.ogg`];
  if (!(await Bun.file(audio).exists())) await encode({ seconds, gop, video, audio });
  return { video, audio };
}

async function encode(options: {
  seconds: number;
  gop: number;
  video: string;
  audio: string;
}): Promise<void> {
  const { seconds, gop, video, audio } = options;
  const own = `${crypto.randomUUID()}`;
  const flash = `drawbox=x=0:y=0:w=${WIDTH}:h=${FLASH_HEIGHT}:color=white:t=fill:enable='lt(mod(n,${FRAMERATE}),${FLASH_FRAMES})'`;
  const blocks = Array.from({ length: COUNTER_BITS }, (_, bit) => {
    const x = bit * BLOCK;
    return `drawbox=x=${x}:y=${HEIGHT - 2 * BLOCK}:w=${BLOCK}:h=${BLOCK}:color=white:t=fill:enable='mod(floor(n/${2 ** bit}),2)'`;
  });
  const beep = `aevalsrc=exprs='if(lt(mod(t,1),${BEEP_MS / 1_000}),0.5*sin(2*PI*${BEEP_HZ}*t),0)':s=48000:d=${seconds}`;
  await run([
    '-f',
    'lavfi',
    '-i',
    `color=c=0x303030:s=${WIDTH}x${HEIGHT}:r=${FRAMERATE}:d=${seconds}`,
    '-vf',
    [flash, ...blocks].join(','),
    '-c:v',
    'libvpx',
    '-deadline',
    'realtime',
    '-cpu-used',
    '8',
    '-g',
    String(gop),
    '-b:v',
    '400k',
    '-error-resilient',
    '1',
    '-f',
    'ivf',
    `${video}.${own}`,
  ]);
  await run([
    '-f',
    'lavfi',
    '-i',
    beep,
    '-c:a',
    'libopus',
    '-b:a',
    '48k',
    '-frame_duration',
    String(OPUS_FRAME_MS),
    '-application',
    'lowdelay',
    '-f',
    'ogg',
    `${audio}.${own}`,
  ]);
  await rename(`${video}.${own}`, video);
  await rename(`${audio}.${own}`, audio);
  await rm(`${audio}.${own}`, { force: true });
}

async function run(args: readonly string[]): Promise<void> {
  const child = Bun.spawn(['ffmpeg', '-v', 'error', '-y', ...args], { stdin: 'ignore', stderr: 'pipe' });
  const [code, complaint] = await Promise.all([child.exited, new Response(child.stderr).text()]);
  if (code !== 0) throw new Error(`ffmpeg could not make the clip: ${complaint}`);
}
