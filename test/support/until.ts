/** Resolves when `isTrue`, looking again and again; rejects with `what` when it is not in time. */
export async function until(what: string, isTrue: () => boolean, timeoutMs = 15_000): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!isTrue()) {
    if (Date.now() > deadline) throw new Error(`in ${timeoutMs} ms it did not come true that ${what}`);
    await Bun.sleep(10);
  }
}
