/** Short messages to the person: toasts and reactions that go by themselves, and announcements for screen readers. */
import type { AppState, FloatingReaction, Toast } from './state.ts';
import type { Store } from './store.ts';

const INFO_MS = 4_000;
const ERROR_MS = 9_000;
const MAX_TOASTS = 4;
/** As long as the animation in `reactions.css` takes. */
const REACTION_MS = 4_000;
const MAX_REACTIONS = 16;

export class Notices {
  readonly #store: Store<AppState>;
  #nextId = 1;

  constructor(store: Store<AppState>) {
    this.#store = store;
  }

  info(text: string): void {
    this.#show({ id: this.#nextId++, kind: 'info', text }, INFO_MS);
  }

  error(text: string): void {
    this.#show({ id: this.#nextId++, kind: 'error', text }, ERROR_MS);
  }

  /** Spoken, not shown. */
  announce(announcement: string): void {
    this.#store.update({ announcement });
  }

  /** Shown and spoken. */
  tell(text: string): void {
    this.info(text);
    this.announce(text);
  }

  react(name: string, reaction: string): void {
    const floating: FloatingReaction = { id: this.#nextId++, name, reaction };
    this.#store.update({ reactions: [...this.#store.get().reactions, floating].slice(-MAX_REACTIONS) });
    setTimeout(() => {
      this.#store.update({ reactions: this.#store.get().reactions.filter(({ id }) => id !== floating.id) });
    }, REACTION_MS);
  }

  dismiss(id: number): void {
    this.#store.update({ toasts: this.#store.get().toasts.filter((toast) => toast.id !== id) });
  }

  #show(toast: Toast, durationMs: number): void {
    const others = this.#store.get().toasts.filter(({ text }) => text !== toast.text);
    this.#store.update({ toasts: [...others, toast].slice(-MAX_TOASTS) });
    setTimeout(() => this.dismiss(toast.id), durationMs);
  }
}
