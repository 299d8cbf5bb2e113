/** How long to wait between attempts to connect again. */

const FIRST_DELAY_MS = 300;
/** Short enough to be back in a call within five seconds of a server that has started again. */
const LONGEST_DELAY_MS = 3_000;

/**
 * Milliseconds before attempt number `attempt` (from 0): doubling, with up to half of it taken off by chance, so that
 * all clients of a server that restarted do not come back in one instant.
 */
export function reconnectDelayMs(attempt: number, random: () => number = Math.random): number {
  const delay = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** attempt);
  return Math.round(delay * (1 - random() / 2));
}

/** Resolves after the delay, when the browser comes back online, or when the signal aborts; whatever is first. */
export function waitToReconnect(delayMs: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const wake = () => {
      clearTimeout(timer);
      globalThis.removeEventListener?.('online', wake);
      signal.removeEventListener('abort', wake);
      resolve();
    };
    const timer = setTimeout(wake, delayMs);
    globalThis.addEventListener?.('online', wake);
    signal.addEventListener('abort', wake);
  });
}
