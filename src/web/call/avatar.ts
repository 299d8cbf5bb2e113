/** The initials of somebody in a circle, in a colour that is always theirs. */
import { h, setAttribute, setText, type View } from '../dom.ts';

export interface AvatarState {
  readonly userId: string;
  readonly name: string;
}

const HUES = 12;

export function createAvatar(className: string): View<AvatarState> {
  const element = h('div', { class: `avatar ${className}`, 'aria-hidden': 'true' });
  return {
    element,
    update({ userId, name }) {
      setText(element, initialsOf(name));
      setAttribute(element, 'data-hue', String(hueOf(userId || name)));
    },
  };
}

function initialsOf(name: string): string {
  const words = name
    .trim()
    .split(/\s+/)
    .filter((word) => word !== '');
  const first = words[0] ?? '?';
  const last = words.length > 1 ? (words.at(-1) ?? '') : '';
  // By code point: a letter outside of the basic plane is not cut in half.
  return [firstLetter(first), firstLetter(last)].join('').toLocaleUpperCase();
}

function firstLetter(word: string): string {
  return [...word][0] ?? '';
}

function hueOf(text: string): number {
  let sum = 0;
  for (const character of text) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 9973;
  return sum % HUES;
}
