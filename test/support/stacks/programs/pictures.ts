/** A picture of one colour with something that moves in its lower half, and what colour a decoded picture has in its upper one. */

export interface Frame {
  readonly width: number;
  readonly height: number;
  /** I420: a plane of brightness, then two of colour, each of half the width and height. */
  readonly data: Uint8Array;
}

export const WIDTH = 320;
export const HEIGHT = 180;
export const FRAMERATE = 15;

const BOX = 40;
const STEP = 8;
const WHITE = 235;

type Rgb = readonly number[];

export function drawPicture([red = 0, green = 0, blue = 0]: Rgb, number: number): Frame {
  const data = new Uint8Array((WIDTH * HEIGHT * 3) / 2);
  const size = WIDTH * HEIGHT;
  // BT.601, limited range.
  data.fill(16 + 0.257 * red + 0.504 * green + 0.098 * blue, 0, size);
  data.fill(128 - 0.148 * red - 0.291 * green + 0.439 * blue, size, size * 1.25);
  data.fill(128 + 0.439 * red - 0.368 * green - 0.071 * blue, size * 1.25);
  const left = (number * STEP) % (WIDTH - BOX);
  for (let y = HEIGHT - BOX; y < HEIGHT; y += 1) data.fill(WHITE, y * WIDTH + left, y * WIDTH + left + BOX);
  return { width: WIDTH, height: HEIGHT, data };
}

export function colorOf({ width, height, data }: Frame): number[] {
  const size = width * height;
  const [x, y] = [Math.floor(width / 4), Math.floor(height / 4)];
  const halfWidth = (width + 1) >> 1;
  const halfSize = halfWidth * ((height + 1) >> 1);
  const colorAt = (y >> 1) * halfWidth + (x >> 1);
  const brightness = 1.164 * ((data[y * width + x] ?? 0) - 16);
  const u = (data[size + colorAt] ?? 0) - 128;
  const v = (data[size + halfSize + colorAt] ?? 0) - 128;
  return [brightness + 1.596 * v, brightness - 0.392 * u - 0.813 * v, brightness + 2.017 * u].map((value) =>
    Math.round(Math.min(255, Math.max(0, value))),
  );
}
