/** One line in the list of people: who it is, how they are, and what a host can do to them. */
import type { Actions } from '../actions.ts';
import { h, setAttribute, setText, type View } from '../dom.ts';
import { type IconName, icon } from '../icons.ts';
import { texts } from '../texts.ts';
import { createAvatar } from './avatar.ts';
import type { PersonView } from './people.ts';

export interface PersonRowState {
  readonly person: PersonView;
  readonly canModerate: boolean;
}

export function createPersonRow(
  { person: { userId } }: PersonRowState,
  actions: Actions,
): View<PersonRowState> {
  const { people: t } = texts;
  const avatar = createAvatar('person-avatar');
  const name = h('span', { class: 'person-name' });
  const away = h('span', { class: 'person-away' }, t.away);
  const hand = createHand(actions, userId);
  const muted = h(
    'span',
    { class: 'person-muted', role: 'img', 'aria-label': t.muted },
    icon('microphone-off'),
  );
  let current = '';
  const mute = action('mute', 'microphone', () => actions.host.mute(userId));
  const remove = action('remove', 'remove', () => actions.host.remove(userId, current));
  const element = h(
    'li',
    { class: 'person', 'data-user-id': userId },
    avatar.element,
    h('span', { class: 'person-title' }, name, away),
    hand.element,
    h('span', { class: 'person-actions' }, muted, mute, remove),
  );
  return {
    element,
    update({ person, canModerate }) {
      current = person.name;
      const canAct = canModerate && !person.isSelf;
      avatar.update(person);
      setText(name, person.isSelf ? texts.nameAndYou(person.name) : person.name);
      away.hidden = person.isConnected;
      hand.update({ person, canModerate });
      muted.hidden = !person.isMuted;
      mute.hidden = !canAct || person.isMuted;
      remove.hidden = !canAct;
      label(mute, t.mute(person.name));
      label(remove, t.remove(person.name));
    },
  };
}

/** A raised hand, with its place in the order; who moderates lowers it by a press. */
function createHand(actions: Actions, userId: string): View<PersonRowState> {
  const { people: t } = texts;
  const place = h('span');
  const button = h(
    'button',
    { class: 'person-hand', type: 'button', 'data-action': 'lower-hand' },
    icon('hand'),
    place,
  );
  button.addEventListener('click', () => actions.host.lowerHand(userId));
  return {
    element: button,
    update({ person: { name, handPlace }, canModerate }) {
      button.hidden = handPlace === null;
      button.disabled = !canModerate;
      setText(place, String(handPlace ?? ''));
      const title = t.handNumber(handPlace ?? 0);
      label(button, canModerate ? `${title}. ${t.lowerHand(name)}` : title);
    },
  };
}

function action(name: string, iconName: IconName, onClick: () => void): HTMLButtonElement {
  const button = h(
    'button',
    { class: 'icon-button', type: 'button', 'data-size': 'small', 'data-action': name },
    icon(iconName),
  );
  button.addEventListener('click', onClick);
  return button;
}

function label(element: HTMLElement, text: string): void {
  setAttribute(element, 'aria-label', text);
  setAttribute(element, 'title', text);
}
