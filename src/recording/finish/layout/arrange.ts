/** Where tiles go: every tile has the shape of the canvas, is as large as it can be, and nothing overlaps. */

/** Pixels; all of them even, as chroma is kept for every second one. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** The part of the canvas that a stage leaves to the others. */
const STRIP_PART = 1 / 4;

/** Rows from the top, each as full as it can be; the last one is in the middle. */
export function arrangeGrid(count: number, canvas: Size, region: Box = { x: 0, y: 0, ...canvas }): Box[] {
  const columns = chooseColumns(count, canvas, region);
  const tile = tileOf(columns, { count, canvas, region });
  const rows = Math.ceil(count / columns);
  const top = region.y + even((region.height - rows * tile.height) / 2);
  return Array.from({ length: count }, (_, index) => {
    const row = Math.floor(index / columns);
    const inRow = Math.min(columns, count - row * columns);
    const left = region.x + even((region.width - inRow * tile.width) / 2);
    return { x: left + (index % columns) * tile.width, y: top + row * tile.height, ...tile };
  });
}

/** The first one on a stage, the others in a strip on its right. */
export function arrangeStage(count: number, canvas: Size): Box[] {
  if (count <= 1) return arrangeGrid(count, canvas);
  const stripWidth = even(canvas.width * STRIP_PART);
  const width = canvas.width - stripWidth;
  const height = even((canvas.height * width) / canvas.width);
  const stage = { x: 0, y: even((canvas.height - height) / 2), width, height };
  const strip = { x: width, y: 0, width: stripWidth, height: canvas.height };
  return [stage, ...arrangeGrid(count - 1, canvas, strip)];
}

function chooseColumns(count: number, canvas: Size, region: Size): number {
  let best = 1;
  for (let columns = 2; columns <= count; columns += 1) {
    const options = { count, canvas, region };
    // Of two that are as good, the wider one: two people are side by side. The last digits are noise.
    if (widthOf(columns, options) > widthOf(best, options) - 1e-6) best = columns;
  }
  return best;
}

interface Grid {
  readonly count: number;
  readonly canvas: Size;
  readonly region: Size;
}

/** Of a tile, when there are so many columns. */
function widthOf(columns: number, { count, canvas, region }: Grid): number {
  const rows = Math.ceil(count / columns);
  return Math.min(region.width / columns, ((region.height / rows) * canvas.width) / canvas.height);
}

function tileOf(columns: number, grid: Grid): Size {
  const width = even(widthOf(columns, grid));
  return { width, height: even((width * grid.canvas.height) / grid.canvas.width) };
}

function even(value: number): number {
  return 2 * Math.floor(value / 2);
}
