/** Stretches of time by key, put together from their beginnings and ends. */

/** Milliseconds of the recording. */
export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

export class Spans {
  readonly #open = new Map<string, number>();
  readonly #done = new Map<string, Span[]>();

  /** What has begun already goes on. */
  begin(key: string, atMs: number): void {
    if (!this.#open.has(key)) this.#open.set(key, atMs);
  }

  /** What has not begun is no error. */
  end(key: string, atMs: number): void {
    const fromMs = this.#open.get(key);
    if (fromMs === undefined) return;
    this.#open.delete(key);
    this.#done.set(key, [...this.of(key), { fromMs, toMs: Math.max(fromMs, atMs) }]);
  }

  endAll(atMs: number): void {
    for (const key of [...this.#open.keys()]) this.end(key, atMs);
  }

  /** Those that have ended, in order. */
  of(key: string): readonly Span[] {
    return this.#done.get(key) ?? [];
  }
}

export function contains({ fromMs, toMs }: Span, atMs: number): boolean {
  return fromMs <= atMs && atMs < toMs;
}

/** What of the spans is in none of the others. */
export function subtract(spans: readonly Span[], others: readonly Span[]): Span[] {
  let left = [...spans];
  for (const other of others) {
    left = left.flatMap(({ fromMs, toMs }) =>
      [
        { fromMs, toMs: Math.min(toMs, other.fromMs) },
        { fromMs: Math.max(fromMs, other.toMs), toMs },
      ].filter((span) => span.toMs > span.fromMs),
    );
  }
  return left;
}
