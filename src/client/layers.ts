/** Which simulcast layer is worth receiving for a picture of a given size. */
import type { Layers } from '../protocol/index.ts';

/** Fractions of the full height that the layers have, low to high. */
const LAYER_FRACTIONS = [0.25, 0.5, 1] as const;
/** Enlarging a picture by this much is hardly seen, and saves three quarters of the bits. */
const TOLERATED_ENLARGEMENT = 1.25;

/** The lowest layer that fills so many device pixels of height. `fullHeight` is what cameras are asked for. */
export function layersForHeight(pixels: number, fullHeight = 720): Layers {
  const sufficient = LAYER_FRACTIONS.findIndex(
    (fraction) => fullHeight * fraction * TOLERATED_ENLARGEMENT >= pixels,
  );
  return { spatialLayer: sufficient === -1 ? LAYER_FRACTIONS.length - 1 : sufficient };
}
