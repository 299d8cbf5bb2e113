/** Asks before something is done that cannot be undone. */
import type { Actions } from '../actions.ts';
import { h, setText, type View } from '../dom.ts';
import type { AppState, Confirmation } from '../state.ts';
import { texts } from '../texts.ts';

export function createConfirmDialog(actions: Actions): View<AppState> {
  const title = h('h2', { id: 'confirm-title' });
  const text = h('p', { class: 'muted', id: 'confirm-text' });
  const cancel = h(
    'button',
    { class: 'button', type: 'button', 'data-look': 'quiet', 'data-action': 'cancel' },
    texts.confirm.cancel,
  );
  const confirm = h('button', {
    class: 'button',
    type: 'button',
    'data-look': 'danger',
    'data-action': 'confirm',
  });
  const element = h(
    'dialog',
    { class: 'confirm', 'aria-labelledby': 'confirm-title', 'aria-describedby': 'confirm-text' },
    title,
    text,
    h('div', { class: 'confirm-actions' }, cancel, confirm),
  );
  cancel.addEventListener('click', () => actions.host.cancel());
  confirm.addEventListener('click', () => actions.host.confirm());
  // By the key Escape.
  element.addEventListener('close', () => actions.host.cancel());
  return {
    element,
    update({ confirmation }) {
      if (!confirmation) {
        if (element.open) element.close();
        return;
      }
      const words = wordsOf(confirmation);
      setText(title, words.title);
      setText(text, words.text);
      setText(confirm, words.confirm);
      if (!element.open) element.showModal();
    },
  };
}

function wordsOf(confirmation: Confirmation): { title: string; text: string; confirm: string } {
  const { remove, end } = texts.confirm;
  return confirmation.kind === 'end' ? end : { ...remove, title: remove.title(confirmation.name) };
}
