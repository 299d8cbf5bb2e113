/** The one place that holds state: components read it and are told when it changed, actions change it. */

export interface Store<State extends object> {
  get(): State;
  /** Replaces these parts. Listeners run once, soon, however many changes there were. */
  update(patch: Partial<State>): void;
  /** The returned function stops listening. */
  subscribe(listener: (state: State) => void): () => void;
}

export function createStore<State extends object>(initial: State): Store<State> {
  const listeners = new Set<(state: State) => void>();
  let state = initial;
  let isScheduled = false;

  const notify = () => {
    isScheduled = false;
    for (const listener of [...listeners]) listener(state);
  };

  return {
    get: () => state,
    update(patch) {
      state = { ...state, ...patch };
      if (isScheduled) return;
      isScheduled = true;
      queueMicrotask(notify);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
  };
}
