/** Runs sides in turn, so that whatever else the machine does hits all of them. */

export type Side = 'kaa' | 'bare';

/** One result of each side, measured right after another. */
export type Round<T, S extends string = Side> = Readonly<Record<S, T>>;

/** A B, B A, A B, …: a drift of the machine favours neither. */
export function interleave<T>(
  rounds: number,
  measure: (side: Side) => Promise<T>,
): Promise<readonly Round<T>[]> {
  return interleaveSides(['kaa', 'bare'], rounds, measure);
}

/** The same for any number of sides: forwards and backwards, so that neighbours stay neighbours. */
export async function interleaveSides<T, S extends string>(
  sides: readonly S[],
  rounds: number,
  measure: (side: S) => Promise<T>,
): Promise<readonly Round<T, S>[]> {
  const results: Round<T, S>[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const found: Partial<Record<S, T>> = {};
    for (const side of round % 2 === 0 ? sides : sides.toReversed()) found[side] = await measure(side);
    results.push(found as Round<T, S>);
  }
  return results;
}
