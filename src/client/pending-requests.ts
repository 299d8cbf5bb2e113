/** The requests of one socket that have no answer yet: matched by id, each with its own time limit. */
import type { ServerResponse } from '../protocol/index.ts';
import { CallError } from './errors.ts';

interface Pending {
  readonly type: string;
  readonly timer: ReturnType<typeof setTimeout>;
  settle(response: ServerResponse): void;
  fail(error: Error): void;
}

export class PendingRequests {
  readonly #pending = new Map<string, Pending>();
  readonly #timeoutMs: number;
  #nextId = 1;

  constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs;
  }

  get size(): number {
    return this.#pending.size;
  }

  /** Rejects with the server's error, with `timeout`, or with what `failAll` is given. */
  add(type: string): { readonly id: string; readonly answer: Promise<ServerResponse & { ok: true }> } {
    const id = String(this.#nextId++);
    const answer = new Promise<ServerResponse & { ok: true }>((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#pending.delete(id);
        reject(new CallError('timeout', `The server did not answer "${type}" in time.`));
      }, this.#timeoutMs);
      this.#pending.set(id, {
        type,
        timer,
        settle: (response) => {
          clearTimeout(timer);
          if (response.ok) resolve(response);
          else reject(new CallError(response.error.code, response.error.message));
        },
        fail: (error) => {
          clearTimeout(timer);
          reject(error);
        },
      });
    });
    return { id, answer };
  }

  /** Requests of this type may take as long as they do: somebody else decides about them. */
  waiveLimit(type: string): void {
    for (const pending of this.#pending.values()) if (pending.type === type) clearTimeout(pending.timer);
  }

  /** An answer that nobody waits for any more is dropped. */
  settle(response: ServerResponse): void {
    const pending = this.#pending.get(response.id);
    this.#pending.delete(response.id);
    pending?.settle(response);
  }

  failAll(error: Error): void {
    const pending = [...this.#pending.values()];
    this.#pending.clear();
    for (const request of pending) request.fail(error);
  }
}
