/** Where each tile of a call goes: pure geometry, in CSS pixels. */

export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Space {
  readonly width: number;
  readonly height: number;
  readonly gap: number;
}

/** Below this, a face is not recognised any more. */
const MIN_TILE_WIDTH = 132;
const MAX_TILES = 25;
const WIDEST = 16 / 9;
/** Tiles may become this narrow to fill a space; in upright ones, as on phones, narrower still. */
const NARROWEST = 4 / 3;
const NARROWEST_UPRIGHT = 3 / 4;

/** The largest equal tiles that fit, in centred rows. */
export function layoutGrid(count: number, space: Space): Rect[] {
  if (count === 0) return [];
  const { width, height, gap } = space;
  const { columns, size } = bestGrid(count, space);
  const rows = Math.ceil(count / columns);
  const top = (height - rows * size.height - (rows - 1) * gap) / 2;
  return Array.from({ length: count }, (_, index) => {
    const row = Math.floor(index / columns);
    const inRow = row === rows - 1 ? count - row * columns : columns;
    const left = (width - inRow * size.width - (inRow - 1) * gap) / 2;
    return {
      x: left + (index % columns) * (size.width + gap),
      y: top + row * (size.height + gap),
      ...size,
    };
  });
}

/** How many tiles a grid shows before they become too small. */
export function gridCapacity(count: number, space: Space): number {
  for (let shown = Math.min(count, MAX_TILES); shown > 1; shown -= 1) {
    if (bestGrid(shown, space).size.width >= MIN_TILE_WIDTH) return shown;
  }
  return 1;
}

export interface StageLayout {
  readonly stage: Rect;
  /** As many of the other tiles as there is room for. */
  readonly strip: readonly Rect[];
}

/** One tile large, the others in a strip beside it; below it where the space is upright. */
export function layoutStage(others: number, space: Space, stageAspect?: number): StageLayout {
  const { width, height, gap } = space;
  const fit = (rect: Rect) => (stageAspect === undefined ? rect : centred(rect, stageAspect));
  if (others === 0) return { stage: fit({ x: 0, y: 0, width, height }), strip: [] };
  if (width > height * 1.15) {
    const tileWidth = clamp(width * 0.19, 148, 280);
    const tileHeight = tileWidth / WIDEST;
    const shown = Math.min(others, Math.floor((height + gap) / (tileHeight + gap)));
    const top = (height - shown * tileHeight - (shown - 1) * gap) / 2;
    return {
      stage: fit({ x: 0, y: 0, width: width - tileWidth - gap, height }),
      strip: Array.from({ length: shown }, (_, index) => ({
        x: width - tileWidth,
        y: top + index * (tileHeight + gap),
        width: tileWidth,
        height: tileHeight,
      })),
    };
  }
  const tileHeight = clamp(height * 0.18, 84, 160);
  const tileWidth = tileHeight * NARROWEST;
  const shown = Math.min(others, Math.max(1, Math.floor((width + gap) / (tileWidth + gap))));
  const left = (width - shown * tileWidth - (shown - 1) * gap) / 2;
  return {
    stage: fit({ x: 0, y: 0, width, height: height - tileHeight - gap }),
    strip: Array.from({ length: shown }, (_, index) => ({
      x: left + index * (tileWidth + gap),
      y: height - tileHeight,
      width: tileWidth,
      height: tileHeight,
    })),
  };
}

function bestGrid(count: number, space: Space): { columns: number; size: { width: number; height: number } } {
  let best = { columns: 1, size: tileSize(count, 1, space) };
  for (let columns = 2; columns <= count; columns += 1) {
    const size = tileSize(count, columns, space);
    if (size.width * size.height > best.size.width * best.size.height) best = { columns, size };
  }
  return best;
}

function tileSize(count: number, columns: number, { width, height, gap }: Space) {
  const rows = Math.ceil(count / columns);
  const tileWidth = Math.max(0, (width - gap * (columns - 1)) / columns);
  const tileHeight = Math.max(0, (height - gap * (rows - 1)) / rows);
  const narrowest = height > width ? NARROWEST_UPRIGHT : NARROWEST;
  return {
    width: Math.min(tileWidth, tileHeight * WIDEST),
    height: Math.min(tileHeight, tileWidth / narrowest),
  };
}

function centred(rect: Rect, aspect: number): Rect {
  const width = Math.min(rect.width, rect.height * aspect);
  const height = Math.min(rect.height, rect.width / aspect);
  return { x: rect.x + (rect.width - width) / 2, y: rect.y + (rect.height - height) / 2, width, height };
}

function clamp(value: number, low: number, high: number): number {
  return Math.max(low, Math.min(high, value));
}
