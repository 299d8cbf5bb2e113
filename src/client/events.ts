/** Typed events for the SDK. A listener that throws is reported and does not keep the others from running. */

type Listener<T> = (payload: T) => void;

/** Stops listening; calling it twice is no error. */
export type Unsubscribe = () => void;

/** What users of the SDK see of an emitter: they listen, they never emit. */
export interface Listenable<Events extends object> {
  on<Name extends keyof Events>(name: Name, listener: Listener<Events[Name]>): Unsubscribe;
}

export class Emitter<Events extends object> implements Listenable<Events> {
  readonly #listeners: { [Name in keyof Events]?: Set<Listener<Events[Name]>> } = {};

  on<Name extends keyof Events>(name: Name, listener: Listener<Events[Name]>): Unsubscribe {
    // Wrapped, so that the same function added twice is two listeners.
    const entry: Listener<Events[Name]> = (payload) => listener(payload);
    const listeners = this.#listeners[name] ?? new Set<Listener<Events[Name]>>();
    listeners.add(entry);
    this.#listeners[name] = listeners;
    return () => {
      listeners.delete(entry);
    };
  }

  emit<Name extends keyof Events>(name: Name, payload: Events[Name]): void {
    for (const listener of [...(this.#listeners[name] ?? [])]) {
      try {
        listener(payload);
      } catch (error) {
        reportError(error);
      }
    }
  }

  removeAll(): void {
    for (const name of Object.keys(this.#listeners) as (keyof Events)[]) {
      this.#listeners[name]?.clear();
      delete this.#listeners[name];
    }
  }
}
