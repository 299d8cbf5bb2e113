/** Which worker takes the next room: the one that has the fewest, the first of equals. */

export function leastLoaded<T extends { readonly routerCount: number }>(
  workers: readonly T[],
): T | undefined {
  return workers.reduce<T | undefined>(
    (best, worker) => (best === undefined || worker.routerCount < best.routerCount ? worker : best),
    undefined,
  );
}
