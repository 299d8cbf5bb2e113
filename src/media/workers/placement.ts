/** Where the media of a newcomer goes: onto which worker, and whether its room needs another router there. */

/** What a worker carries. */
export interface Load {
  /** Streams that it sends out: what its time goes into. */
  readonly consumerCount: number;
  readonly routerCount: number;
}

/** The one that sends the fewest streams; of equals the one with the fewest routers, then the first. */
export function leastLoaded<T extends Load>(workers: readonly T[]): T | undefined {
  return workers.reduce<T | undefined>(
    (best, worker) => (best === undefined || isLess(worker, best) ? worker : best),
    undefined,
  );
}

export type Placement<T> = { readonly worker: T; readonly isKnown: boolean };

/**
 * The worker for a newcomer to a room that is on the `known` ones already. It stays there while one of them sends fewer than
 * `capacity` streams, then grows onto another that has less to do. Undefined when no worker lives.
 */
export function place<T extends Load>(
  known: readonly T[],
  workers: readonly T[],
  capacity: number,
): Placement<T> | undefined {
  const home = leastLoaded(known);
  if (home && home.consumerCount < capacity) return { worker: home, isKnown: true };
  const other = leastLoaded(workers.filter((worker) => !known.includes(worker)));
  if (other && (!home || other.consumerCount < home.consumerCount)) return { worker: other, isKnown: false };
  return home && { worker: home, isKnown: true };
}

function isLess(a: Load, b: Load): boolean {
  return (
    a.consumerCount < b.consumerCount ||
    (a.consumerCount === b.consumerCount && a.routerCount < b.routerCount)
  );
}
