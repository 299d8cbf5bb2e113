/** Reads from a recording of performers who is where, who is heard, and what moves, moment by moment. */
import type { Box } from '../../src/recording/finish/layout/arrange.ts';
import { DETAIL, MOVING } from './performer/look.ts';

type Rgb = readonly [red: number, green: number, blue: number];

/** What was read of one moment. */
interface Moment {
  /** Seconds from the beginning of the file. */
  readonly at: number;
}

const FRAMERATE = 30;
/** Every so manieth frame is looked at. */
const STEP = 3;
/** The picture is looked at in so many pixels. */
const [WIDTH, HEIGHT] = [96, 54];
const SAMPLE_RATE = 8_000;
const WINDOW_SECONDS = 0.1;

/** One picture, small. Boxes are in the pixels of the file. */
export class Glance implements Moment {
  readonly at: number;
  readonly #pixels: Uint8Array;
  readonly #scale: number;

  constructor(at: number, pixels: Uint8Array, scale: number) {
    this.at = at;
    this.#pixels = pixels;
    this.#scale = scale;
  }

  /** The colour of a tile. */
  color(box: Box): Rgb {
    return this.#pixel(box, 0.5, 0.09);
  }

  /** The colour of its left edge: black when the picture is narrower than the tile. */
  edge(box: Box): Rgb {
    return this.#pixel(box, 0.05, 0.35);
  }

  /** How much what moves in a tile has moved since another moment, in steps of brightness for each pixel. */
  movement(box: Box, other: Glance): number {
    const parts = Array.from({ length: 40 }, (_, index) => 0.3 + (index / 40) * 0.7);
    const y = MOVING.y + MOVING.size / 2;
    const differences = parts.map((x) =>
      Math.abs(brightness(this.#pixel(box, x, y)) - brightness(other.#pixel(box, x, y))),
    );
    return differences.reduce((sum, value) => sum + value, 0) / parts.length;
  }

  /** At a place in a box, as parts of its size. */
  #pixel({ x, y, width, height }: Box, partX: number, partY: number): Rgb {
    const column = Math.floor((x + partX * width) * this.#scale);
    const row = Math.floor((y + partY * height) * this.#scale);
    const index = (row * WIDTH + column) * 3;
    return [this.#pixels[index] ?? 0, this.#pixels[index + 1] ?? 0, this.#pixels[index + 2] ?? 0];
  }
}

/** Of a file that is so wide. */
export async function readGlances(path: string, width: number): Promise<Glance[]> {
  const filters = `select='not(mod(n,${STEP}))',scale=${WIDTH}:${HEIGHT}:flags=area,format=rgb24`;
  const pixels = await decode(path, [
    '-map',
    '0:v:0',
    '-vf',
    filters,
    '-vsync',
    'passthrough',
    '-f',
    'rawvideo',
  ]);
  const size = WIDTH * HEIGHT * 3;
  return Array.from(
    { length: Math.floor(pixels.length / size) },
    (_, index) =>
      new Glance(
        (index * STEP) / FRAMERATE,
        pixels.subarray(index * size, (index + 1) * size),
        WIDTH / width,
      ),
  );
}

export interface Sharpness extends Moment {
  /** The standard deviation of the brightness in the stripes of a camera. */
  readonly deviation: number;
}

/** Of a tile that has the size of the camera in it. */
export async function readSharpness(path: string, { x, y }: Box): Promise<Sharpness[]> {
  const { width, height } = DETAIL;
  const crop = `crop=${width}:${height}:${x + DETAIL.x}:${y + DETAIL.y}`;
  const filters = `select='not(mod(n,${STEP}))',${crop},format=gray`;
  const pixels = await decode(path, [
    '-map',
    '0:v:0',
    '-vf',
    filters,
    '-vsync',
    'passthrough',
    '-f',
    'rawvideo',
  ]);
  const size = width * height;
  return Array.from({ length: Math.floor(pixels.length / size) }, (_, index) => ({
    at: (index * STEP) / FRAMERATE,
    deviation: deviationOf(pixels.subarray(index * size, (index + 1) * size)),
  }));
}

export interface Sound extends Moment {
  /** How loud each of the tones is, in the order in which they were asked for; 1 is full. */
  readonly levels: readonly number[];
}

/** The beginning of each window is its moment. */
export async function readTones(path: string, tones: readonly number[]): Promise<Sound[]> {
  const bytes = await decode(path, ['-map', '0:a:0', '-ac', '1', '-ar', String(SAMPLE_RATE), '-f', 'f32le']);
  const samples = new Float32Array(bytes.buffer, bytes.byteOffset, Math.floor(bytes.byteLength / 4));
  const length = WINDOW_SECONDS * SAMPLE_RATE;
  return Array.from({ length: Math.floor(samples.length / length) }, (_, index) => ({
    at: index * WINDOW_SECONDS,
    levels: tones.map((tone) => goertzel(samples.subarray(index * length, (index + 1) * length), tone)),
  }));
}

/** The amplitude of one frequency. */
function goertzel(samples: Float32Array, frequency: number): number {
  const coefficient = 2 * Math.cos((2 * Math.PI * frequency) / SAMPLE_RATE);
  let [previous, beforeThat] = [0, 0];
  for (const sample of samples) {
    const value = sample + coefficient * previous - beforeThat;
    beforeThat = previous;
    previous = value;
  }
  const power = previous ** 2 + beforeThat ** 2 - coefficient * previous * beforeThat;
  return (2 * Math.sqrt(Math.max(0, power))) / samples.length;
}

function brightness([red, green, blue]: Rgb): number {
  return (red + green + blue) / 3;
}

function deviationOf(values: Uint8Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
}

async function decode(path: string, output: readonly string[]): Promise<Uint8Array> {
  const child = Bun.spawn(['ffmpeg', '-v', 'error', '-i', path, ...output, '-'], {
    stdin: 'ignore',
    stdout: 'pipe',
    stderr: 'inherit',
  });
  const [bytes, code] = await Promise.all([new Response(child.stdout).bytes(), child.exited]);
  if (code !== 0) throw new Error(`ffmpeg cannot decode ${path}`);
  return bytes;
}
