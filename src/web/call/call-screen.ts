/** The screen of a call: header, tiles, chat, controls, and what is the matter with the connection. */
import type { Actions } from '../actions.ts';
import { h, setText, type View } from '../dom.ts';
import { icon, logo } from '../icons.ts';
import type { AppState } from '../state.ts';
import type { Store } from '../store.ts';
import { texts } from '../texts.ts';
import { createChatPanel } from './chat-panel.ts';
import { createControls } from './controls.ts';
import { createRemoteAudio } from './remote-audio.ts';
import { listenToShortcuts } from './shortcuts.ts';
import { createTileGrid } from './tile-grid.ts';

export function createCallScreen(actions: Actions, store: Store<AppState>): View<AppState> {
  const parts = [
    createTileGrid(actions),
    createChatPanel(actions),
    createControls(actions),
    createRemoteAudio(actions),
    createHeader(),
    createBanner(),
  ] as const;
  const [grid, chat, controls, audio, header, banner] = parts;
  const element = h(
    'main',
    { class: 'call' },
    header.element,
    h(
      'div',
      { class: 'call-body' },
      h('div', { class: 'call-stage' }, grid.element, banner.element),
      chat.element,
    ),
    controls.element,
    audio.element,
  );
  const stopListening = listenToShortcuts(actions, store);
  return {
    element,
    update(state) {
      element.dataset.connection = state.connection.status;
      for (const part of parts) part.update(state);
    },
    dispose() {
      stopListening();
      for (const part of parts) part.dispose?.();
    },
  };
}

function createHeader(): View<AppState> {
  const room = h('h1', { class: 'call-name' });
  const count = h('span');
  return {
    element: h(
      'header',
      { class: 'call-header' },
      logo(),
      room,
      h('span', { class: 'call-count' }, icon('people'), count),
    ),
    update({ roomId, participants }) {
      setText(room, roomId);
      setText(count, texts.call.people(participants.length + 1));
    },
  };
}

function createBanner(): View<AppState> {
  const text = h('span');
  const hint = h('span', { class: 'banner-hint' });
  const element = h('div', { class: 'banner', role: 'status' }, text, hint);
  return {
    element,
    update(state) {
      const { kind, message, more } = bannerOf(state);
      element.hidden = message === '';
      element.dataset.kind = kind;
      setText(text, message);
      setText(hint, more ?? '');
    },
  };
}

/** The one thing that matters most, or nothing. */
function bannerOf(state: AppState): { kind: 'warning' | 'info'; message: string; more?: string } {
  const { connection, isSoundBlocked, isSharingScreen, participants } = state;
  if (connection.status === 'reconnecting')
    return { kind: 'warning', message: texts.connection.reconnecting };
  if (isSoundBlocked) return { kind: 'warning', message: texts.call.soundBlocked };
  if (isSharingScreen) return { kind: 'info', message: texts.call.sharing };
  if (participants.length === 0)
    return { kind: 'info', message: texts.call.alone, more: texts.call.aloneHint };
  return { kind: 'info', message: '' };
}
