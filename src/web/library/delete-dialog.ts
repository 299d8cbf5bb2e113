/** Asks before a recording is deleted: nothing brings it back. */
import { h, setText, type View } from '../dom.ts';
import { texts } from '../texts.ts';
import type { LibraryActions } from './actions.ts';
import { nameOf } from './describe.ts';
import type { LibraryState } from './state.ts';

export function createDeleteDialog(actions: LibraryActions): View<LibraryState> {
  const { deleting: t } = texts.library;
  const title = h('h2', { id: 'delete-title' });
  const text = h('p', { class: 'muted', id: 'delete-text' });
  const cancel = h(
    'button',
    { class: 'button', type: 'button', 'data-look': 'quiet', 'data-action': 'cancel' },
    texts.confirm.cancel,
  );
  const confirm = h(
    'button',
    { class: 'button', type: 'button', 'data-look': 'danger', 'data-action': 'confirm' },
    t.confirm,
  );
  const element = h(
    'dialog',
    { class: 'confirm', 'aria-labelledby': 'delete-title', 'aria-describedby': 'delete-text' },
    title,
    text,
    h('div', { class: 'confirm-actions' }, cancel, confirm),
  );
  cancel.addEventListener('click', () => actions.cancelDeleting());
  confirm.addEventListener('click', () => void actions.confirmDeleting());
  // By the key Escape.
  element.addEventListener('close', () => actions.cancelDeleting());
  return {
    element,
    update({ deleting }) {
      if (!deleting) {
        if (element.open) element.close();
        return;
      }
      setText(title, t.title(nameOf(deleting)));
      setText(text, deleting.status === 'recording' ? t.textWhileRecording : t.text);
      if (!element.open) element.showModal();
    },
  };
}
