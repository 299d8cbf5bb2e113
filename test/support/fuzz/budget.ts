/** How much is fuzzed, and from which seed: fixed, so that every run is the same, and given from outside to replay another. */

const DEFAULT_SEED = 20_260_101;
const MINUTE_MS = 60_000;

export interface FuzzBudget {
  readonly seed: number;
  readonly messages: number;
  readonly requests: number;
  /** Session descriptions. */
  readonly descriptions: number;
  readonly timeoutMs: number;
}

/** `KAA_FUZZ_SEED` gives another seed. */
const seed = Number(process.env.KAA_FUZZ_SEED ?? DEFAULT_SEED);

export const SHORT_FUZZ: FuzzBudget = {
  seed,
  messages: 4_000,
  requests: 3_000,
  descriptions: 2_000,
  timeoutMs: 5 * MINUTE_MS,
};
export const LONG_FUZZ: FuzzBudget = {
  seed,
  messages: 200_000,
  requests: 50_000,
  descriptions: 20_000,
  timeoutMs: 60 * MINUTE_MS,
};
