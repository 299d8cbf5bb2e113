/** Runs asynchronous tasks one after another in the order they were given; a failing task fails alone. */

export class QueueClosedError extends Error {
  override name = 'QueueClosedError';
  constructor() {
    super('the queue is closed');
  }
}

export class SerialQueue {
  #tail: Promise<unknown> = Promise.resolve();
  #pending = 0;
  #isClosed = false;

  /** Tasks that wait or run. */
  get pending(): number {
    return this.#pending;
  }

  /** Resolves or rejects as the task does. Rejects with `QueueClosedError` when the queue closed before the task's turn. */
  run<T>(task: () => Promise<T> | T): Promise<T> {
    if (this.#isClosed) return Promise.reject(new QueueClosedError());
    this.#pending += 1;
    const result = this.#tail.then(() => {
      if (this.#isClosed) throw new QueueClosedError();
      return task();
    });
    this.#tail = result.then(
      () => this.#settle(),
      () => this.#settle(),
    );
    return result;
  }

  /** Resolves when every task given so far has settled. Never rejects. */
  async idle(): Promise<void> {
    await this.#tail;
  }

  /** Refuses what comes, rejects what waits, and resolves when the running task has settled. Twice is no error. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#tail;
  }

  #settle(): void {
    this.#pending -= 1;
  }
}
