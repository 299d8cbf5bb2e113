/** How much is fuzzed, and from which seed: fixed, so that every run is the same, and given from outside to replay another. */

const DEFAULT_SEED = 20_260_101;

export interface FuzzBudget {
  readonly seed: number;
  readonly messages: number;
  readonly requests: number;
  readonly timeoutMs: number;
}

/** `KAA_LONG=1` takes ten times as many; `KAA_FUZZ_SEED` another seed. */
export function fuzzBudget(): FuzzBudget {
  const factor = process.env.KAA_LONG === '1' ? 10 : 1;
  return {
    seed: Number(process.env.KAA_FUZZ_SEED ?? DEFAULT_SEED),
    messages: 20_000 * factor,
    requests: 5_000 * factor,
    timeoutMs: 300_000 * factor,
  };
}
