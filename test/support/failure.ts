/** What a promise rejects with. Bun's own `.rejects` runs the event loop inside of itself, where workers are not heard. */
export async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  const nothing = Symbol('it did not reject');
  const outcome = await promise.then(
    () => nothing,
    (error: unknown) => error,
  );
  if (outcome === nothing) throw new Error('the promise was expected to reject, and did not');
  return outcome;
}
