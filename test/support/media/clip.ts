/**
 * A picture and a sound whose every moment can be told apart again: the number of each frame in black and white blocks, a
 * white flash of three frames and a beep of 100 ms at each full second. Encoded once, then sent by the packet.
 */
import { mkdir, rename } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readIvf } from './ivf.ts';
import { readOggOpus } from './ogg.ts';
import { splitAccessUnits, type VideoCodec } from './packetize.ts';
import {
  BEEP_MS,
  BLOCK,
  COUNTER_BITS,
  FLASH_FRAMES,
  FLASH_HEIGHT,
  FRAMERATE,
  HEIGHT,
  WIDTH,
} from './test-card.ts';

export { FRAMERATE };

const BEEP_HZ = 1_000;

export interface Clip {
  /** Encoded frames, `FRAMERATE` a second. */
  readonly frames: readonly Uint8Array[];
  /** Opus packets of 20 ms. */
  readonly packets: readonly Uint8Array[];
}

export interface PictureOptions {
  readonly seconds: number;
  readonly codec?: VideoCodec;
  /** Of H264: `baseline`, which is 42e01f, or `main`, which is 4d0032. */
  readonly profile?: 'baseline' | 'main';
  /** Frames from one keyframe to the next. */
  readonly gop?: number;
  readonly width?: number;
  readonly height?: number;
  /** What the first frame shows. */
  readonly firstNumber?: number;
  /** Bits a second. */
  readonly bitrate?: number;
  /** Grain, so that the bitrate is really needed. */
  readonly isNoisy?: boolean;
}

const PACKET_MS = 20;
const BEEP = `if(lt(mod(t,1),${BEEP_MS / 1_000}),0.5*sin(2*PI*${BEEP_HZ}*t),0)`;

/** VP8 and Opus of so many seconds. */
export async function makeClip(seconds: number, { gop = 15 }: { readonly gop?: number } = {}): Promise<Clip> {
  const [frames, packets] = await Promise.all([makePicture({ seconds, gop }), makeSound(seconds)]);
  return { frames, packets };
}

/** The encoded frames. Rejects when ffmpeg cannot encode them. */
export async function makePicture(options: PictureOptions): Promise<Uint8Array[]> {
  const bytes = await Bun.file(await makePictureFile(options)).bytes();
  return options.codec === 'h264' ? splitAccessUnits(bytes) : readIvf(bytes);
}

/** The path of a file, made once on this machine: IVF, or H264 in Annex B. */
export function makePictureFile(options: PictureOptions): Promise<string> {
  const { seconds, codec = 'vp8', profile = 'baseline', gop = 15, firstNumber = 0 } = options;
  const { width = WIDTH, height = HEIGHT, bitrate = 400_000, isNoisy = false } = options;
  const name = [
    codec,
    profile,
    `${seconds}s`,
    `gop${gop}`,
    `${width}x${height}`,
    `from${firstNumber}`,
    bitrate,
  ];
  const grain = isNoisy ? ',noise=alls=20:allf=t' : '';
  const args = [
    ...['-f', 'lavfi', '-i', `color=c=0x303030:s=${WIDTH}x${HEIGHT}:r=${FRAMERATE}:d=${seconds}`],
    ...['-vf', `${drawing(firstNumber)},scale=${width}:${height}:flags=neighbor${grain}`],
    ...['-g', String(gop), '-b:v', String(bitrate)],
    ...encoderOf(codec, profile),
  ];
  return make(`${name.join('-')}${isNoisy ? '-noisy' : ''}.${codec === 'h264' ? 'h264' : 'ivf'}`, args);
}

function encoderOf(codec: VideoCodec, profile: string): string[] {
  const realtime = ['-deadline', 'realtime', '-cpu-used', '8', '-error-resilient', '1', '-f', 'ivf'];
  if (codec === 'vp8') return ['-c:v', 'libvpx', ...realtime];
  if (codec === 'vp9')
    return ['-c:v', 'libvpx-vp9', '-lag-in-frames', '0', '-auto-alt-ref', '0', ...realtime];
  return [
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency', '-profile:v', profile],
    ...['-pix_fmt', 'yuv420p', '-bsf:v', 'h264_metadata=aud=insert', '-f', 'h264'],
  ];
}

function drawing(firstNumber: number): string {
  const number = firstNumber === 0 ? 'n' : `(n+${firstNumber})`;
  const flash = `drawbox=x=0:y=0:w=${WIDTH}:h=${FLASH_HEIGHT}:color=white:t=fill:enable='lt(mod(${number},${FRAMERATE}),${FLASH_FRAMES})'`;
  const blocks = Array.from({ length: COUNTER_BITS }, (_, bit) => {
    const x = bit * BLOCK;
    return `drawbox=x=${x}:y=${HEIGHT - 2 * BLOCK}:w=${BLOCK}:h=${BLOCK}:color=white:t=fill:enable='mod(floor(${number}/${2 ** bit}),2)'`;
  });
  return [flash, ...blocks].join(',');
}

async function makeSound(seconds: number): Promise<Uint8Array[]> {
  const bytes = await Bun.file(await makeSoundFile(seconds)).bytes();
  return readOggOpus(bytes).slice(0, (seconds * 1_000) / PACKET_MS);
}

/** The path of an Ogg file with Opus packets of 20 ms, made once on this machine. */
export function makeSoundFile(seconds: number): Promise<string> {
  return make(`opus-${seconds}s.ogg`, [
    ...['-f', 'lavfi', '-i', `aevalsrc=exprs='${BEEP}':s=48000:d=${seconds}`],
    ...['-c:a', 'libopus', '-b:a', '48k', '-frame_duration', String(PACKET_MS)],
    ...['-application', 'lowdelay', '-f', 'ogg'],
  ]);
}

/** PCMU packets of 20 ms, as a phone sends them. */
export async function makePhoneSound(seconds: number): Promise<Uint8Array[]> {
  const path = await make(`pcmu-${seconds}s.ul`, [
    ...['-f', 'lavfi', '-i', `aevalsrc=exprs='${BEEP}':s=8000:d=${seconds}`],
    ...['-c:a', 'pcm_mulaw', '-f', 'mulaw'],
  ]);
  const bytes = await Bun.file(path).bytes();
  return Array.from({ length: (seconds * 1_000) / PACKET_MS }, (_, index) =>
    bytes.subarray(index * 160, (index + 1) * 160),
  );
}

/** Where what ffmpeg makes of the arguments is kept, under a name. */
async function make(name: string, args: readonly string[]): Promise<string> {
  const folder = join(tmpdir(), 'kaa-clips');
  const path = join(folder, `v2-${name}`);
  await mkdir(folder, { recursive: true });
  if (!(await Bun.file(path).exists())) {
    const own = `${path}.${crypto.randomUUID()}`;
    await run([...args, own]);
    await rename(own, path);
  }
  return path;
}

/** One after another in Matroska at `path`, without encoding them again. Resolves with `path`. */
export async function joinFiles(files: readonly string[], path: string): Promise<string> {
  const list = `${path}.txt`;
  await Bun.write(list, files.map((file) => `file '${file}'\n`).join(''));
  await run(['-f', 'concat', '-safe', '0', '-i', list, '-c', 'copy', '-f', 'matroska', path]);
  return path;
}

async function run(args: readonly string[]): Promise<void> {
  const child = Bun.spawn(['ffmpeg', '-v', 'error', '-y', ...args], { stdin: 'ignore', stderr: 'pipe' });
  const [code, complaint] = await Promise.all([child.exited, new Response(child.stderr).text()]);
  if (code !== 0) throw new Error(`ffmpeg could not make the clip: ${complaint}`);
}
