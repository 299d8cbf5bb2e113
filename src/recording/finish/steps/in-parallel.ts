/** Many tasks, a few at a time; the first failure ends the others. */

export interface ParallelOptions {
  readonly count: number;
  readonly signal: AbortSignal;
}

/**
 * Results in the order of the items. Rejects with the first failure, after every task that was begun has settled; their signal
 * is aborted by then.
 */
export async function inParallel<T, R>(
  items: readonly T[],
  { count, signal }: ParallelOptions,
  task: (item: T, signal: AbortSignal) => Promise<R>,
): Promise<R[]> {
  const stop = new AbortController();
  const either = AbortSignal.any([signal, stop.signal]);
  const results = new Map<number, R>();
  const queue = items.entries();
  const failures: unknown[] = [];
  const work = async () => {
    for (const [index, item] of queue) {
      if (either.aborted) return;
      try {
        results.set(index, await task(item, either));
      } catch (error) {
        failures.push(error);
        stop.abort(error);
      }
    }
  };
  await Promise.all(Array.from({ length: count }, work));
  signal.throwIfAborted();
  if (failures.length > 0) throw failures[0];
  return [...results].sort(([a], [b]) => a - b).map(([, result]) => result);
}
