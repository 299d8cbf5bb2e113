/** The screen after a call: why it is over, and the way back. */
import type { Actions } from '../actions.ts';
import { h, setText, type View } from '../dom.ts';
import { logo } from '../icons.ts';
import type { AppState } from '../state.ts';
import { texts } from '../texts.ts';
import { createLibraryLink } from './library-link.ts';

export function createEndedScreen(actions: Actions): View<AppState> {
  const title = h('h1', { tabindex: '-1' });
  const text = h('p', { class: 'muted' });
  const rejoin = h('button', { class: 'button', type: 'button', 'data-action': 'rejoin' });
  const back = h(
    'button',
    { class: 'button', type: 'button', 'data-look': 'quiet', 'data-action': 'lobby' },
    texts.ended.back,
  );
  rejoin.addEventListener('click', () => void actions.rejoin());
  back.addEventListener('click', () => void actions.showLobby());
  const card = h(
    'div',
    { class: 'ended-card', role: 'status' },
    logo(),
    title,
    text,
    h('div', { class: 'ended-actions' }, rejoin, back),
    createLibraryLink(),
  );
  return {
    element: h('main', { class: 'ended' }, card),
    update({ ended }) {
      setText(title, ended.title);
      setText(text, ended.text);
      rejoin.hidden = ended.rejoin === null;
      setText(rejoin, ended.rejoin ?? '');
    },
  };
}
