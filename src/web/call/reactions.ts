/** Reactions: the buttons that send them, and those that float over the tiles for a moment. */
import type { Actions } from '../actions.ts';
import { createKeyedList, h, type View } from '../dom.ts';
import type { AppState, FloatingReaction } from '../state.ts';
import { texts } from '../texts.ts';

/** Side by side, so that those of one moment do not cover each other. */
const LANES = 4;

export function createReactionPicker(actions: Actions): View<AppState> {
  const buttons = Object.entries(texts.reactions.choices).map(([reaction, name]) => {
    const button = h(
      'button',
      { class: 'reaction-choice', type: 'button', 'aria-label': name, title: name },
      h('span', { class: 'emoji', 'aria-hidden': 'true' }, reaction),
    );
    button.addEventListener('click', () => actions.react(reaction));
    return button;
  });
  const element = h(
    'div',
    { class: 'reaction-picker', role: 'group', 'aria-label': texts.reactions.heading, hidden: true },
    ...buttons,
  );
  let before: Element | null = null;
  return {
    element,
    update({ isReactionPickerOpen: isOpen }) {
      if (element.hidden !== isOpen) return;
      const hadFocus = element.contains(document.activeElement);
      if (isOpen) before = document.activeElement;
      element.hidden = !isOpen;
      if (isOpen) buttons[0]?.focus();
      else if (hadFocus && before instanceof HTMLElement) before.focus();
    },
  };
}

/** Not for screen readers: they are told in words. */
export function createFloatingReactions(): View<AppState> {
  const element = h('div', { class: 'reactions', 'aria-hidden': 'true' });
  const updateList = createKeyedList<FloatingReaction>(element, {
    keyOf: ({ id }) => String(id),
    create: drawReaction,
  });
  return { element, update: ({ reactions }) => updateList(reactions) };
}

function drawReaction({ id, name, reaction }: FloatingReaction): View<FloatingReaction> {
  const element = h(
    'div',
    { class: 'reaction' },
    h('span', { class: 'emoji' }, reaction),
    h('span', { class: 'reaction-name' }, name),
  );
  element.style.setProperty('--lane', String(id % LANES));
  return { element, update: () => undefined };
}
