/** What the picture of a test looks like, for whoever draws it, here or in a page, and for whoever reads it again. */

export const FRAMERATE = 30;
export const WIDTH = 320;
export const HEIGHT = 180;
/** Blocks of this size along the lower edge, the lowest bit on the left. */
export const BLOCK = 20;
export const COUNTER_BITS = 14;
/** The upper part flashes; the blocks stay readable. */
export const FLASH_HEIGHT = 120;
/** A full second begins with a flash of so many frames, and a beep. */
export const FLASH_FRAMES = 3;
export const BEEP_MS = 100;
