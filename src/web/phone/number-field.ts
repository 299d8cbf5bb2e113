/** The field of the number: its text is put in order while one types, and the caret stays where it was. */
import { h, type View } from '../dom.ts';
import type { PhoneActions } from './actions.ts';
import { isInCall, type PhoneState } from './state.ts';

export function createNumberField(actions: PhoneActions): View<PhoneState> {
  const element = h('input', {
    id: 'phone-number',
    class: 'phone-number',
    type: 'tel',
    autocomplete: 'tel',
    'aria-describedby': 'phone-country',
  });
  /** How much of the number stands before the caret; undefined when nobody has typed since. */
  let typed: number | undefined;
  element.addEventListener('input', () => {
    const before = element.value.slice(0, element.selectionStart ?? undefined);
    typed = countDialled(before) + (element.value.startsWith('+') ? 0 : 1);
    actions.type(element.value);
  });
  return {
    element,
    update(state) {
      const { number } = state;
      if (element.value !== number) {
        element.value = number;
        if (typed !== undefined) {
          const caret = placeAfter(number, typed);
          element.setSelectionRange(caret, caret);
        }
      }
      typed = undefined;
      element.readOnly = isInCall(state);
    },
  };
}

/** Spaces come and go while one types; what is dialled stays. */
function countDialled(text: string): number {
  return text.replace(/[^+\d]/g, '').length;
}

/** The place behind so many of the characters that are dialled. */
function placeAfter(text: string, dialled: number): number {
  let place = 0;
  while (place < text.length && countDialled(text.slice(0, place)) < dialled) place += 1;
  return place;
}
