/** Short messages in a corner, and the invisible place from which screen readers read what happens. */
import type { Actions } from '../actions.ts';
import { h, setText, type View } from '../dom.ts';
import { icon } from '../icons.ts';
import type { AppState, Toast } from '../state.ts';
import { texts } from '../texts.ts';

export function createToasts(actions: Actions): View<AppState> {
  const shown = new Map<number, HTMLElement>();
  const announcement = h('p', { class: 'spoken-only', 'aria-live': 'polite', 'data-announcer': true });
  const list = h('div', { class: 'toasts' });
  return {
    element: h('div', {}, list, announcement),
    update(state) {
      const present = new Set(state.toasts.map(({ id }) => id));
      for (const [id, element] of shown) {
        if (present.has(id)) continue;
        shown.delete(id);
        element.remove();
      }
      for (const toast of state.toasts) {
        if (shown.has(toast.id)) continue;
        const element = drawToast(toast, () => actions.dismissToast(toast.id));
        shown.set(toast.id, element);
        list.append(element);
      }
      setText(announcement, state.announcement);
    },
  };
}

function drawToast({ kind, text }: Toast, onDismiss: () => void): HTMLElement {
  const { dismiss } = texts.toasts;
  const button = h(
    'button',
    { class: 'toast-dismiss', type: 'button', 'aria-label': dismiss, title: dismiss },
    icon('close'),
  );
  button.addEventListener('click', onDismiss);
  // What is also announced needs no role of its own; an error interrupts.
  return h(
    'div',
    { class: 'toast', 'data-kind': kind, role: kind === 'error' ? 'alert' : undefined },
    h('span', {}, text),
    button,
  );
}
