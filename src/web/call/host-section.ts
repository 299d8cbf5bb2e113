/** What a host can do to the call as a whole: lock it, invite to it, end it. Nobody else sees it. */
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
  const invite = h(
    'button',
    { class: 'button', type: 'button', 'data-look': 'quiet', 'data-action': 'invite' },
    icon('link'),
    t.invite,
  );
  const link = h('input', {
    class: 'field',
    name: 'invite-link',
    readonly: true,
    'aria-label': t.inviteField,
  });
  const hint = h('p', { class: 'hint' }, t.inviteHint);
  const end = h(
    'button',
    { class: 'button', type: 'button', 'data-look': 'danger', 'data-action': 'end-call' },
    t.end,
  );
  lock.addEventListener('click', () => actions.host.toggleLock());
  invite.addEventListener('click', () => void actions.host.copyInvite());
  link.addEventListener('focus', () => link.select());
  end.addEventListener('click', () => actions.host.endCall());
  const element = h('section', { class: 'host', 'aria-label': t.heading }, lock, invite, link, hint, end);
  return {
    element,
    update({ rights, isLocked, inviteLink }) {
      element.hidden = !rights.moderate;
      setAttribute(lock, 'aria-checked', String(isLocked));
      link.hidden = inviteLink === null;
      hint.hidden = inviteLink === null;
      if (inviteLink !== null && link.value !== inviteLink) link.value = inviteLink;
    },
  };
}
