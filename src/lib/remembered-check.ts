/** A check that costs something, asked by many: done once in a while, and by one at a time. */

export interface RememberedCheckOptions {
  /** For how long an answer is good, in milliseconds. */
  readonly goodForMs: number;
  /** How long somebody waits for the first answer, in milliseconds. */
  readonly patienceMs: number;
  /** What is told to who has waited for so long. */
  readonly silence: string;
}

/** Resolves or rejects as the last check did; a new one is then on its way when that is old. */
export function rememberedCheck(
  check: () => Promise<void>,
  { goodForMs, patienceMs, silence }: RememberedCheckOptions,
): () => Promise<void> {
  let running: Promise<void> | undefined;
  let known: { readonly outcome: Promise<void>; readonly atMs: number } | undefined;

  function start(): Promise<void> {
    const outcome = check();
    running = outcome;
    const remember = () => {
      known = { outcome, atMs: performance.now() };
      running = undefined;
    };
    outcome.then(remember, remember);
    return outcome;
  }

  return async () => {
    if (known && performance.now() - known.atMs < goodForMs) return known.outcome;
    const next = running ?? start();
    if (known) return known.outcome;
    let timer: Timer | undefined;
    const impatience = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(silence)), patienceMs);
    });
    try {
      return await Promise.race([next, impatience]);
    } finally {
      clearTimeout(timer);
    }
  };
}
