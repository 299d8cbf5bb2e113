/** Runs two sides in turn, so that whatever else the machine does hits both. */

export type Side = 'kaa' | 'bare';

/** One result of each side, measured right after another. */
export type Round<T> = Readonly<Record<Side, T>>;

/** A B, B A, A B, …: a drift of the machine favours neither. */
export async function interleave<T>(
  rounds: number,
  measure: (side: Side) => Promise<T>,
): Promise<readonly Round<T>[]> {
  const results: Round<T>[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const order: readonly Side[] = round % 2 === 0 ? ['kaa', 'bare'] : ['bare', 'kaa'];
    const found: Partial<Record<Side, T>> = {};
    for (const side of order) found[side] = await measure(side);
    results.push(found as Round<T>);
  }
  return results;
}
