/** Makes the compiler prove that a switch is exhaustive, and fails loudly where the proof was wrong. */
export function assertNever(value: never, what = 'value'): never {
  throw new TypeError(`unexpected ${what}: ${JSON.stringify(value)}`);
}
