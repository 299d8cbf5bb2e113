/** Collects how to undo each step of a construction, so that one which fails half-way leaves nothing behind. */

type Undo = () => Promise<unknown> | unknown;

export class UndoStack {
  readonly #steps: Undo[] = [];

  /** Notes how to undo the value that was just made, and hands the value on. */
  add<T>(value: T, undo: (value: T) => Promise<unknown> | unknown): T {
    this.#steps.push(() => undo(value));
    return value;
  }

  /** Undoes everything, last step first. A step that fails does not stop the others; all failures come in one `AggregateError`. */
  async unwind(): Promise<void> {
    const failures: unknown[] = [];
    for (let step = this.#steps.pop(); step; step = this.#steps.pop()) {
      try {
        await step();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw new AggregateError(failures, 'not everything could be undone');
  }
}
