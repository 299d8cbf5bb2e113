/** The way through the pages of the list; not there when there is one page only. */
import { h, setText, type View } from '../dom.ts';
import { type IconName, icon } from '../icons.ts';
import { texts } from '../texts.ts';
import type { LibraryActions } from './actions.ts';
import type { LibraryState } from './state.ts';

export function createPager(actions: LibraryActions): View<LibraryState> {
  const { library: t } = texts;
  let shown = 1;
  const newer = turn('newer', t.newer, 'back', () => void actions.showPage(shown - 1));
  const older = turn('older', t.older, 'forward', () => void actions.showPage(shown + 1));
  const place = h('span', { 'aria-live': 'polite' });
  const element = h('nav', { class: 'pager', 'aria-label': t.pages }, newer, place, older);
  return {
    element,
    update({ page, pages }) {
      shown = page;
      element.hidden = pages < 2;
      newer.disabled = page <= 1;
      older.disabled = page >= pages;
      setText(place, t.pageOf(page, pages));
    },
  };
}

function turn(action: string, label: string, name: IconName, onClick: () => void): HTMLButtonElement {
  const button = h(
    'button',
    { class: 'icon-button', type: 'button', 'aria-label': label, title: label, 'data-action': action },
    icon(name),
  );
  button.addEventListener('click', onClick);
  return button;
}
