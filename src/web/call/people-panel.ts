/** The people beside a call: who waits, who is in it and how they are, and what a host can do. */
import type { LobbyGuest } from '../../client/index.ts';
import type { Actions } from '../actions.ts';
import { createKeyedList, h, type View } from '../dom.ts';
import { icon } from '../icons.ts';
import type { AppState } from '../state.ts';
import { texts } from '../texts.ts';
import { createAvatar } from './avatar.ts';
import { createHostSection } from './host-section.ts';
import { createInviteSection } from './invite-section.ts';
import { createPanel } from './panel.ts';
import { peopleOf } from './people.ts';
import { createPersonRow, type PersonRowState } from './person-row.ts';

export function createPeoplePanel(actions: Actions): View<AppState> {
  const { people: t } = texts;
  const waiting = createWaitingSection(actions);
  const invite = createInviteSection(actions);
  const host = createHostSection(actions);
  const list = h('ul', { class: 'people-list', 'aria-label': t.inCall });
  const updateList = createKeyedList<PersonRowState>(list, {
    keyOf: ({ person }) => person.userId,
    create: (row) => createPersonRow(row, actions),
  });
  const panel = createPanel(
    {
      name: 'people',
      heading: t.heading,
      closeLabel: t.close,
      onClose: () => actions.togglePanel('people'),
    },
    h('div', { class: 'people-body' }, waiting.element, h('h3', {}, t.inCall), list),
    h('div', { class: 'people-footer' }, invite.element, host.element),
  );
  return {
    element: panel.element,
    update(state) {
      panel.setOpen(state.panel === 'people');
      const canModerate = state.rights.moderate;
      updateList(peopleOf(state).map((person) => ({ person, canModerate })));
      waiting.update(state);
      invite.update(state);
      host.update(state);
    },
  };
}

function createWaitingSection(actions: Actions): View<AppState> {
  const list = h('ul', { class: 'people-list', 'aria-label': texts.people.waiting });
  const element = h('section', { class: 'people-waiting' }, h('h3', {}, texts.people.waiting), list);
  const updateList = createKeyedList<LobbyGuest>(list, {
    keyOf: ({ userId }) => userId,
    create: (guest) => createGuestRow(guest, actions),
  });
  return {
    element,
    update({ waiting }) {
      element.hidden = waiting.length === 0;
      updateList(waiting);
    },
  };
}

function createGuestRow({ userId, name }: LobbyGuest, actions: Actions): View<LobbyGuest> {
  const { people: t } = texts;
  const avatar = createAvatar('person-avatar');
  const admit = h(
    'button',
    {
      class: 'button',
      type: 'button',
      'data-size': 'small',
      'data-action': 'admit',
      'aria-label': t.admitName(name),
    },
    t.admit,
  );
  const refuse = h(
    'button',
    {
      class: 'icon-button',
      type: 'button',
      'data-size': 'small',
      'data-action': 'refuse',
      'aria-label': t.refuseName(name),
      title: t.refuseName(name),
    },
    icon('close'),
  );
  admit.addEventListener('click', () => actions.host.admit(userId));
  refuse.addEventListener('click', () => actions.host.refuse(userId));
  return {
    element: h(
      'li',
      { class: 'person', 'data-user-id': userId },
      avatar.element,
      h('span', { class: 'person-name', title: name }, name),
      h('span', { class: 'person-actions' }, admit, refuse),
    ),
    update: (guest) => avatar.update(guest),
  };
}
