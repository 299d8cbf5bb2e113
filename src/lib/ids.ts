/** Ids that Kaa makes. */

/** A UUID v7: unique, and sorted by the time it was made (RFC 9562, section 5.7). */
export function newId(): string {
  return Bun.randomUUIDv7();
}
