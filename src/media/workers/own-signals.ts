/** Keeps SIGINT and SIGTERM ours: mediasoup closes its workers at once on either, and a drain would find no media. */

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** Calls `start` and removes the signal listeners that it added to the process before it returned. */
export function withoutSignalListeners<T>(start: () => T): T {
  const before = SIGNALS.map((signal) => new Set(process.listeners(signal)));
  const result = start();
  for (const [index, signal] of SIGNALS.entries()) {
    for (const listener of process.listeners(signal)) {
      if (!before[index]?.has(listener)) process.off(signal, listener);
    }
  }
  return result;
}
