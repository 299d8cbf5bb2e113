/** The one thing that matters most at the moment, over the tiles. */
import type { Actions } from '../actions.ts';
import { h, setText, type View } from '../dom.ts';
import type { AppState } from '../state.ts';
import { texts } from '../texts.ts';

interface Banner {
  readonly kind: 'warning' | 'info';
  readonly message: string;
  readonly hint?: string;
  /** Whether the people who wait can be looked at from here. */
  readonly isAboutWaiting?: boolean;
}

export function createBanner(actions: Actions): View<AppState> {
  const text = h('span');
  const hint = h('span', { class: 'banner-hint' });
  const view = h(
    'button',
    { class: 'banner-action', type: 'button', 'data-action': 'show-waiting' },
    texts.call.showWaiting,
  );
  view.addEventListener('click', () => actions.togglePanel('people'));
  const element = h('div', { class: 'banner', role: 'status' }, text, hint, view);
  return {
    element,
    update(state) {
      const banner = bannerOf(state);
      element.hidden = banner === undefined;
      if (!banner) return;
      element.dataset.kind = banner.kind;
      setText(text, banner.message);
      setText(hint, banner.hint ?? '');
      view.hidden = !banner.isAboutWaiting;
    },
  };
}

function bannerOf(state: AppState): Banner | undefined {
  const { connection, waiting, panel, isSoundBlocked, isSharingScreen, participants } = state;
  if (connection.status === 'reconnecting')
    return { kind: 'warning', message: texts.connection.reconnecting };
  if (isSoundBlocked) return { kind: 'warning', message: texts.call.soundBlocked };
  if (waiting.length > 0 && panel !== 'people') {
    const names = waiting.map(({ name }) => name);
    return { kind: 'info', message: texts.call.waiting(names), isAboutWaiting: true };
  }
  if (isSharingScreen) return { kind: 'info', message: texts.call.sharing };
  if (participants.length === 0)
    return { kind: 'info', message: texts.call.alone, hint: texts.call.aloneHint };
  return undefined;
}
