/** Finds again in a media file what `test-card.ts` describes: the number of each frame, the flashes and the beeps, with their times. */
import { BLOCK, COUNTER_BITS, FLASH_HEIGHT, HEIGHT, WIDTH } from './test-card.ts';

export interface SeenFrame {
  /** Seconds from the beginning of the file. */
  readonly at: number;
  readonly number: number;
  readonly isFlash: boolean;
}

const SAMPLE_RATE = 48_000;
/** Levels are looked at in windows of this many samples: 2 ms. */
const WINDOW = 96;
const BRIGHT = 150;
const LOUD = 0.05;

/**
 * Every frame of the first video stream, in the order of the file, or those of its first seconds. Scaled to the size of the clip,
 * wherever the picture came from.
 */
export async function readFrames(path: string, seconds?: number): Promise<SeenFrame[]> {
  const [pixels, times] = await Promise.all([
    decode(path, [
      ...(seconds === undefined ? [] : ['-t', String(seconds)]),
      '-map',
      '0:v:0',
      '-vf',
      `scale=${WIDTH}:${HEIGHT},format=gray`,
      '-vsync',
      'passthrough',
      '-f',
      'rawvideo',
    ]),
    readTimes(path, 'v:0'),
  ]);
  const size = WIDTH * HEIGHT;
  return Array.from({ length: Math.floor(pixels.length / size) }, (_, index) => {
    const frame = pixels.subarray(index * size, (index + 1) * size);
    return {
      at: times[index] ?? Number.NaN,
      number: readNumber(frame),
      isFlash: isBright(frame, WIDTH / 2, FLASH_HEIGHT / 2),
    };
  });
}

/** When each flash begins, in seconds. */
export function flashesOf(frames: readonly SeenFrame[]): number[] {
  return frames.filter(({ isFlash }, index) => isFlash && !frames[index - 1]?.isFlash).map(({ at }) => at);
}

/** The same of a whole file, however long it is. */
export async function readFlashes(path: string): Promise<number[]> {
  const [width, height] = [16, 9];
  const video = ['-map', '0:v:0', '-vf', `scale=${width}:${height},format=gray`, '-vsync', 'passthrough'];
  const [pixels, times] = await Promise.all([
    decode(path, [...video, '-f', 'rawvideo']),
    readTimes(path, 'v:0'),
  ]);
  const place = 2 * width + width / 2;
  const isFlash = times.map((_, index) => pixels[index * width * height + place]! > BRIGHT);
  return times.filter((_, index) => isFlash[index] && !isFlash[index - 1]);
}

/** When each beep begins in the first audio stream, in seconds from the beginning of the file. */
export async function readBeeps(path: string): Promise<number[]> {
  const bytes = await decode(path, [
    '-map',
    '0:a:0',
    '-ac',
    '1',
    '-ar',
    String(SAMPLE_RATE),
    '-af',
    'aresample=async=1:first_pts=0',
    '-f',
    'f32le',
  ]);
  const samples = new Float32Array(bytes.buffer, bytes.byteOffset, Math.floor(bytes.byteLength / 4));
  const beeps: number[] = [];
  let isBeeping = false;
  let quietFor = 0;
  for (let at = 0; at + WINDOW <= samples.length; at += WINDOW) {
    let peak = 0;
    for (let index = at; index < at + WINDOW; index += 1) peak = Math.max(peak, Math.abs(samples[index]!));
    if (peak > LOUD) {
      if (!isBeeping) beeps.push(at / SAMPLE_RATE);
      isBeeping = true;
      quietFor = 0;
    } else {
      quietFor += 1;
      if (quietFor > 10) isBeeping = false;
    }
  }
  return beeps;
}

/** Of the whole file, in seconds. */
export async function readDuration(path: string): Promise<number> {
  return Number(await probe(path, ['-show_entries', 'format=duration', '-of', 'csv=p=0']));
}

/** The loudest sample of the first audio stream; 1 is full scale. */
export async function readPeak(path: string): Promise<number> {
  const bytes = await decode(path, ['-map', '0:a:0', '-f', 'f32le']);
  const samples = new Float32Array(bytes.buffer, bytes.byteOffset, Math.floor(bytes.byteLength / 4));
  return samples.reduce((peak, sample) => Math.max(peak, Math.abs(sample)), 0);
}

/** The sizes of the frames of the first video stream, each where it begins. */
export async function readSizes(path: string): Promise<string[]> {
  const text = await probe(path, [
    ...['-select_streams', 'v:0', '-show_entries', 'frame=width,height', '-of', 'csv=s=x:p=0'],
  ]);
  const sizes = text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.replace(/x$/, ''));
  return sizes.filter((size, index) => size !== sizes[index - 1]);
}

async function readTimes(path: string, stream: string): Promise<number[]> {
  const text = await probe(path, [
    '-select_streams',
    stream,
    '-show_entries',
    'packet=pts_time',
    '-of',
    'csv=p=0',
  ]);
  return text
    .split('\n')
    .map((line) => line.replace(/,$/, ''))
    .filter((line) => line !== '')
    .map(Number)
    .sort((a, b) => a - b);
}

function readNumber(frame: Uint8Array): number {
  let number = 0;
  for (let bit = 0; bit < COUNTER_BITS; bit += 1) {
    if (isBright(frame, bit * BLOCK + BLOCK / 2, HEIGHT - 1.5 * BLOCK)) number += 2 ** bit;
  }
  return number;
}

function isBright(frame: Uint8Array, x: number, y: number): boolean {
  return frame[Math.floor(y) * WIDTH + Math.floor(x)]! > BRIGHT;
}

async function decode(path: string, output: readonly string[]): Promise<Uint8Array> {
  const child = Bun.spawn(['ffmpeg', '-v', 'error', '-i', path, ...output, '-'], {
    stdin: 'ignore',
    stdout: 'pipe',
    stderr: 'ignore',
  });
  const bytes = await new Response(child.stdout).bytes();
  await child.exited;
  return bytes;
}

async function probe(path: string, args: readonly string[]): Promise<string> {
  const child = Bun.spawn(['ffprobe', '-v', 'error', ...args, path], {
    stdin: 'ignore',
    stdout: 'pipe',
    stderr: 'pipe',
  });
  const [text, code] = await Promise.all([new Response(child.stdout).text(), child.exited]);
  if (code !== 0) throw new Error(`ffprobe cannot read ${path}: ${await new Response(child.stderr).text()}`);
  return text.trim();
}
