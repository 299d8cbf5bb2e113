/** The one thing that matters most at the moment, over the tiles. */
import type { Actions } from '../actions.ts';
import { h, setText, type View } from '../dom.ts';
import type { AppState } from '../state.ts';
import { texts } from '../texts.ts';

interface Banner {
  readonly kind: 'warning' | 'info';
  readonly message: string;
  readonly hint?: string;
  /** What can be done about it. */
  readonly action?: 'show-waiting' | 'copy-link';
}

export function createBanner(actions: Actions): View<AppState> {
  const text = h('span');
  const hint = h('span', { class: 'banner-hint' });
  const action = h('button', { class: 'banner-action', type: 'button' });
  action.addEventListener('click', () => {
    if (action.dataset.action === 'copy-link') void actions.host.copyInvite();
    else actions.togglePanel('people');
  });
  const element = h('div', { class: 'banner', role: 'status' }, text, hint, action);
  return {
    element,
    update(state) {
      const banner = bannerOf(state);
      element.hidden = banner === undefined;
      if (!banner) return;
      element.dataset.kind = banner.kind;
      setText(text, banner.message);
      setText(hint, banner.hint ?? '');
      action.hidden = !banner.action;
      if (!banner.action) return;
      action.dataset.action = banner.action;
      setText(action, banner.action === 'copy-link' ? texts.call.copyInvite : texts.call.showWaiting);
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
    return { kind: 'info', message: texts.call.waiting(names), action: 'show-waiting' };
  }
  if (isSharingScreen) return { kind: 'info', message: texts.call.sharing };
  if (participants.length === 0 && waiting.length === 0) {
    const { alone: message, aloneHint: hint } = texts.call;
    return { kind: 'info', message, hint, action: 'copy-link' };
  }
  return undefined;
}
