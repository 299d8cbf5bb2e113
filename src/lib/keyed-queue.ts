/** One serial queue per key, kept only while it has work: two creations of one key never run side by side. */
import { SerialQueue } from './serial-queue.ts';

export class KeyedQueue<Key> {
  readonly #queues = new Map<Key, SerialQueue>();

  /** Runs the task after those that were given for the same key; other keys do not wait. */
  async run<T>(key: Key, task: () => Promise<T> | T): Promise<T> {
    const queue = this.#queues.get(key) ?? new SerialQueue();
    this.#queues.set(key, queue);
    try {
      return await queue.run(task);
    } finally {
      if (queue.pending === 0 && this.#queues.get(key) === queue) this.#queues.delete(key);
    }
  }

  /** Resolves when everything given so far has settled. */
  async idle(): Promise<void> {
    await Promise.all([...this.#queues.values()].map((queue) => queue.idle()));
  }

  get size(): number {
    return this.#queues.size;
  }
}
