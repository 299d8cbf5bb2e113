/** Which index the next blocking query gives, by the rules of Consul's documentation (Blocking Queries, Implementation Details). */

/**
 * An index that went backwards means that Consul's state was lost: 0 asks for everything anew. It is never 0 otherwise, since a
 * query with 0 does not wait: one that is not at least 1 is a fault of Consul, and must not make us ask without a pause.
 */
export function nextIndex(last: number, answered: number): number {
  if (answered < last) return 0;
  return Math.max(1, answered);
}
