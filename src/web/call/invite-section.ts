/** How others are asked in: a host makes links for guests, everybody else copies the address of the call. */
import type { Actions } from '../actions.ts';
import { h, setText, type View } from '../dom.ts';
import { icon } from '../icons.ts';
import type { AppState } from '../state.ts';
import { texts } from '../texts.ts';

export function createInviteSection(actions: Actions): View<AppState> {
  const { invite: t } = texts;
  const label = h('span');
  const copy = h(
    'button',
    { class: 'button', type: 'button', 'data-look': 'quiet', 'data-action': 'invite' },
    icon('link'),
    label,
  );
  const link = h('input', { class: 'field', name: 'invite-link', readonly: true, 'aria-label': t.field });
  const hint = h('p', { class: 'hint' }, t.hint);
  copy.addEventListener('click', () => void actions.host.copyInvite());
  link.addEventListener('focus', () => link.select());
  return {
    element: h('section', { class: 'invite', 'aria-label': t.heading }, copy, link, hint),
    update({ rights, inviteLink }) {
      setText(label, rights.moderate ? t.copy : t.copyAddress);
      link.hidden = inviteLink === null;
      hint.hidden = inviteLink === null;
      if (inviteLink !== null && link.value !== inviteLink) link.value = inviteLink;
    },
  };
}
