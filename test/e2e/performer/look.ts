/** How performers look and sound: for the pages that draw them, and for the tests that look for them in a recording. */

export interface Look {
  /** Red, green, blue. */
  readonly color: readonly [number, number, number];
  /** Hertz. */
  readonly tone: number;
}

/** Of a camera. Of this size browsers send two layers. */
export const SIZE = { width: 480, height: 270 };
/** Where the stripes are, in pixels. */
export const DETAIL = { x: 48, y: 64, width: 96, height: 64 };
/** The way of what moves, as parts of the width and the height. */
export const MOVING = { from: 0.55, to: 0.85, y: 0.6, size: 0.1 };
