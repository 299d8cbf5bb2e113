/** Typed events whose listeners cannot hurt each other: one that throws is reported, the rest still run. */

export type EventMap = Record<string, unknown>;
export type Unsubscribe = () => void;
type Listener<T> = (payload: T) => void;

/** What the world sees of an emitter: it may listen and stop listening, never emit. */
export interface Listenable<Events extends EventMap> {
  on<Name extends keyof Events>(name: Name, listener: Listener<Events[Name]>): Unsubscribe;
}

export class Emitter<Events extends EventMap> implements Listenable<Events> {
  readonly #listeners = new Map<keyof Events, Set<Listener<never>>>();
  readonly #onListenerError: (error: unknown) => void;

  /** `onListenerError` gets what a listener throws; by default it surfaces as an uncaught exception. */
  constructor(onListenerError: (error: unknown) => void = reportError) {
    this.#onListenerError = onListenerError;
  }

  /** Listeners run in the order in which they were added. The returned function removes this one; calling it twice is no error. */
  on<Name extends keyof Events>(name: Name, listener: Listener<Events[Name]>): Unsubscribe {
    const entry: Listener<Events[Name]> = (payload) => listener(payload);
    const listeners = this.#listeners.get(name) ?? new Set();
    listeners.add(entry);
    this.#listeners.set(name, listeners);
    return () => {
      listeners.delete(entry);
    };
  }

  emit<Name extends keyof Events>(name: Name, payload: Events[Name]): void {
    const listeners = this.#listeners.get(name);
    if (!listeners) return;
    for (const listener of [...listeners]) {
      if (!listeners.has(listener)) continue;
      try {
        (listener as Listener<Events[Name]>)(payload);
      } catch (error) {
        this.#onListenerError(error);
      }
    }
  }

  removeAll(): void {
    for (const listeners of this.#listeners.values()) listeners.clear();
    this.#listeners.clear();
  }

  /** The number of listeners of all events: what a test asks to prove that none is left. */
  get listenerCount(): number {
    let count = 0;
    for (const listeners of this.#listeners.values()) count += listeners.size;
    return count;
  }
}
