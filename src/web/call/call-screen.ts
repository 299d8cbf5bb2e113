/** The screen of a call: header, tiles, what stands beside and over them, and controls. */
import type { Actions } from '../actions.ts';
import { h, setText, type View } from '../dom.ts';
import { icon, logo } from '../icons.ts';
import type { AppState } from '../state.ts';
import type { Store } from '../store.ts';
import { texts } from '../texts.ts';
import { createBanner } from './banner.ts';
import { createBroadcastDialog } from './broadcast-dialog.ts';
import { createChatPanel } from './chat-panel.ts';
import { createConfirmDialog } from './confirm-dialog.ts';
import { createControls } from './controls.ts';
import { createFinishingCard } from './finishing-card.ts';
import { createPeoplePanel } from './people-panel.ts';
import { createFloatingReactions, createReactionPicker } from './reactions.ts';
import { createRecordingSign } from './recording-sign.ts';
import { createRemoteAudio } from './remote-audio.ts';
import { listenToShortcuts } from './shortcuts.ts';
import { createTileGrid } from './tile-grid.ts';

export function createCallScreen(actions: Actions, store: Store<AppState>): View<AppState> {
  const parts = [
    createTileGrid(actions),
    createFloatingReactions(),
    createBanner(actions),
    createReactionPicker(actions),
    createPeoplePanel(actions),
    createChatPanel(actions),
    createControls(actions),
    createRemoteAudio(actions),
    createHeader(),
    createConfirmDialog(actions),
    createFinishingCard(actions),
    createBroadcastDialog(actions),
  ] as const;
  const [
    grid,
    reactions,
    banner,
    picker,
    people,
    chat,
    controls,
    audio,
    header,
    confirm,
    finishing,
    broadcast,
  ] = parts;
  const element = h(
    'main',
    { class: 'call' },
    header.element,
    h(
      'div',
      { class: 'call-body' },
      h(
        'div',
        { class: 'call-stage' },
        grid.element,
        reactions.element,
        banner.element,
        picker.element,
        finishing.element,
      ),
      people.element,
      chat.element,
    ),
    controls.element,
    audio.element,
    confirm.element,
    broadcast.element,
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
  const recording = createRecordingSign();
  const { locked } = texts.call;
  const lock = h(
    'span',
    { class: 'call-lock', role: 'img', 'aria-label': locked, title: locked },
    icon('lock'),
  );
  return {
    element: h(
      'header',
      { class: 'call-header' },
      logo(),
      room,
      lock,
      recording.element,
      h('span', { class: 'call-count' }, icon('people'), count),
    ),
    update(state) {
      const { roomId, participants, isLocked } = state;
      recording.update(state);
      lock.hidden = !isLocked;
      setText(room, roomId);
      setText(count, texts.call.people(participants.length + 1));
    },
    dispose: () => recording.dispose?.(),
  };
}
