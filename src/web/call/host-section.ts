/** What a host can do to the call as a whole: lock it, and end it. Nobody else sees it. */
import type { Actions } from '../actions.ts';
import { h, setAttribute, type View } from '../dom.ts';
import { icon } from '../icons.ts';
import type { AppState } from '../state.ts';
import { texts } from '../texts.ts';

export function createHostSection(actions: Actions): View<AppState> {
  const { host: t } = texts;
  const lock = h(
    'button',
    {
      class: 'switch',
      type: 'button',
      role: 'switch',
      'data-action': 'lock',
      'aria-describedby': 'lock-hint',
    },
    icon('lock'),
    h(
      'span',
      { class: 'switch-text' },
      h('span', {}, t.lock),
      h('span', { class: 'hint', id: 'lock-hint' }, t.lockHint),
    ),
    h('span', { class: 'switch-knob', 'aria-hidden': 'true' }),
  );
  const end = h(
    'button',
    { class: 'button', type: 'button', 'data-look': 'danger', 'data-action': 'end-call' },
    t.end,
  );
  const broadcast = h(
    'button',
    { class: 'button', type: 'button', 'data-look': 'quiet', 'data-action': 'broadcast' },
    icon('broadcast'),
    t.broadcast,
  );
  broadcast.addEventListener('click', () => void actions.host.openBroadcast());
  lock.addEventListener('click', () => actions.host.toggleLock());
  end.addEventListener('click', () => actions.host.endCall());
  const element = h('section', { class: 'host', 'aria-label': t.heading }, lock, broadcast, end);
  return {
    element,
    update({ rights, isLocked }) {
      element.hidden = !rights.moderate;
      setAttribute(lock, 'aria-checked', String(isLocked));
    },
  };
}
