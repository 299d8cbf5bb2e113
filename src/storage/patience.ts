/** How often and when a request to a storage elsewhere is made again before it is told of. */

const MAX_ATTEMPTS = 4;
const FIRST_DELAY_MS = 250;

/** For requests that may take `timeoutMs` each: who waits for less has shorter pauses too. */
export function patience(timeoutMs: number): { readonly attempts: number; readonly firstDelayMs: number } {
  return { attempts: MAX_ATTEMPTS, firstDelayMs: Math.min(FIRST_DELAY_MS, timeoutMs / 20) };
}
