/** The id that the descriptions of one connection have in common. */
import { randomInt } from 'node:crypto';

/** RFC 8829, section 5.2.1: random, of at most 63 bits; as a decimal number. */
export function newSessionId(): string {
  return String(randomInt(1, 2 ** 47));
}
