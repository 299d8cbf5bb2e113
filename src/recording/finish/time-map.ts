/** Times of a file to times of the recording, in straight pieces that ffmpeg can follow as an expression. */

export interface TimePiece {
  /** Seconds of the file from which on this piece holds; the first one holds before it too. */
  readonly from: number;
  /** Seconds of the recording at `from`. */
  readonly at: number;
  /** Seconds of the recording for each second of the file. */
  readonly rate: number;
}

interface Knot {
  readonly from: number;
  readonly at: number;
}

const SAMPLE_SECONDS = 10;
/** How far a piece may be from what it stands for: nobody sees or hears a millisecond. */
const TOLERANCE_SECONDS = 0.001;
/** An expression must fit into a command line. */
const MAX_PIECES = 256;
/** A clock beyond these is none: what it was at its beginning is all that is believed of it. */
const [MIN_RATE, MAX_RATE] = [0.2, 5];

/** `clock` is looked at from `from` to `to`, all in seconds. */
export function toPieces(
  clock: (fileSeconds: number) => number,
  { from, to }: { readonly from: number; readonly to: number },
): TimePiece[] {
  const count = Math.max(1, Math.ceil((to - from) / SAMPLE_SECONDS));
  const knots = Array.from({ length: count + 1 }, (_, index) => {
    const at = from + index * Math.max(SAMPLE_SECONDS / 10, (to - from) / count);
    return { from: at, at: clock(at) };
  });
  let tolerance = TOLERANCE_SECONDS;
  let pieces = simplify(knots, tolerance);
  while (pieces.length > MAX_PIECES) {
    tolerance *= 2;
    pieces = simplify(knots, tolerance);
  }
  const isSane = pieces.every(({ at, rate }) => Number.isFinite(at) && rate > MIN_RATE && rate < MAX_RATE);
  const first = clock(from);
  return isSane ? pieces : [{ from, at: Number.isFinite(first) ? first : from, rate: 1 }];
}

export function mapTime(pieces: readonly TimePiece[], fileSeconds: number): number {
  const piece = pieces.findLast(({ from }) => from <= fileSeconds) ?? pieces[0];
  return piece ? piece.at + (fileSeconds - piece.from) * piece.rate : fileSeconds;
}

/** For ffmpeg's expressions, of `T`. A tree of comparisons, so that many pieces are no deep nesting. */
export function expressionOf(pieces: readonly TimePiece[]): string {
  const [piece] = pieces;
  if (!piece) return 'T';
  if (pieces.length === 1)
    return `(${piece.at.toFixed(6)}+(T-${piece.from.toFixed(6)})*${piece.rate.toFixed(9)})`;
  const middle = Math.ceil(pieces.length / 2);
  const border = pieces[middle]?.from ?? 0;
  const [left, right] = [pieces.slice(0, middle), pieces.slice(middle)];
  return `if(lt(T,${border.toFixed(6)}),${expressionOf(left)},${expressionOf(right)})`;
}

/** As few straight pieces through the knots as stay near all of them. */
function simplify(knots: readonly Knot[], tolerance: number): TimePiece[] {
  const pieces: TimePiece[] = [];
  for (let first = 0; first < knots.length - 1; ) {
    let last = first + 1;
    while (last + 1 < knots.length && isStraight(knots.slice(first, last + 2), tolerance)) last += 1;
    pieces.push(pieceBetween(knots[first], knots[last]));
    first = last;
  }
  return pieces;
}

function isStraight(knots: readonly Knot[], tolerance: number): boolean {
  const piece = pieceBetween(knots[0], knots.at(-1));
  return knots.every(({ from, at }) => Math.abs(mapTime([piece], from) - at) <= tolerance);
}

function pieceBetween(a: Knot | undefined, b: Knot | undefined): TimePiece {
  if (!a || !b) return { from: 0, at: 0, rate: 1 };
  return { from: a.from, at: a.at, rate: (b.at - a.at) / (b.from - a.from) };
}
