/** Waiting that ends early, and without a failure, when there is nothing left to wait for. */
import { setTimeout as delay } from 'node:timers/promises';

export async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await delay(milliseconds, undefined, { signal }).catch(() => {});
}

/** After so many failures in a row, in milliseconds: 1 s, doubled each time, never more than `atMostMs`. */
export function backoffMs(failures: number, atMostMs: number): number {
  return Math.min(1_000 * 2 ** Math.min(failures - 1, 20), atMostMs);
}
