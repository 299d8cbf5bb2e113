/** Tries again what may succeed a little later, waiting longer each time. */

export interface RetryOptions {
  readonly attempts: number;
  /** Pause after the first failure, in milliseconds; doubles after each further one. */
  readonly firstDelayMs: number;
  /** Gives up at once on errors that trying again cannot mend. */
  readonly isFinal?: (error: unknown) => boolean;
}

/** Resolves as the first attempt that succeeds; rejects as the last one that failed. */
export async function retry<T>(task: () => Promise<T>, options: RetryOptions): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await task();
    } catch (error) {
      if (attempt >= options.attempts || options.isFinal?.(error)) throw error;
      await Bun.sleep(options.firstDelayMs * 2 ** (attempt - 1));
    }
  }
}
