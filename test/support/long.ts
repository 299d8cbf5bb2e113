/** Suites of minutes or hours: `bun run test:long` runs them, other runs name them as skipped. They are in `*.long.test.ts`. */
import { describe, test } from 'bun:test';

const isLong = process.env.KAA_LONG === '1';

/** `describe` for a long suite; nothing of it is started when it is skipped. */
export function describeLong(what: string, suite: () => void): void {
  if (isLong) describe(what, suite);
  else test.skip(`${what}: "bun run test:long" runs it`, () => {});
}
