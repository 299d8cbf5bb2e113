/** The screen before a call: which call, which name, and do camera and microphone work. */
import type { Actions } from '../actions.ts';
import { h, setText, type View } from '../dom.ts';
import { icon, logo } from '../icons.ts';
import { createLibraryLink } from '../shared/library-link.ts';
import { createPhoneLink, createStreamLink } from '../shared/page-links.ts';
import type { AppState } from '../state.ts';
import { texts } from '../texts.ts';
import { createDeviceSelect } from './device-select.ts';
import { createPreview } from './preview.ts';

export function createLobby(actions: Actions, initial: AppState): View<AppState> {
  const { lobby: t } = texts;
  const parts = [
    createPreview(actions),
    createDeviceSelect('camera', actions),
    createDeviceSelect('microphone', actions),
    createProblem(({ deviceProblem }) => deviceProblem, 'status'),
    createProblem(({ lobbyProblem }) => lobbyProblem, 'alert'),
  ] as const;
  const [preview, camera, microphone, deviceProblem, lobbyProblem] = parts;
  const name = h('input', {
    class: 'field',
    name: 'name',
    value: initial.name,
    placeholder: t.namePlaceholder,
    maxlength: '128',
    autocomplete: 'name',
  });
  const room = h('input', {
    class: 'field',
    name: 'room',
    value: initial.roomId,
    maxlength: '64',
    autocomplete: 'off',
    autocapitalize: 'none',
    spellcheck: 'false',
    'aria-describedby': 'room-hint',
  });
  const join = h('button', { class: 'button', type: 'submit', 'data-action': 'join' });
  const form = h(
    'form',
    { class: 'lobby-form', novalidate: true },
    h('h1', {}, t.heading),
    h('p', { class: 'muted' }, t.intro),
    h('label', { class: 'labelled' }, h('span', {}, t.nameLabel), name),
    h('label', { class: 'labelled' }, h('span', {}, t.callLabel), room),
    h('p', { class: 'hint', id: 'room-hint' }, t.callHint),
    lobbyProblem.element,
    join,
  );
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void actions.join(room.value.trim(), name.value);
  });

  return {
    element: h(
      'main',
      { class: 'lobby' },
      h(
        'header',
        { class: 'lobby-header' },
        h('div', { class: 'brand' }, logo(), h('span', {}, texts.appName)),
        h('nav', { class: 'lobby-links' }, createPhoneLink(), createStreamLink(), createLibraryLink()),
      ),
      h(
        'div',
        { class: 'lobby-columns' },
        h(
          'section',
          { class: 'lobby-devices' },
          preview.element,
          deviceProblem.element,
          h('div', { class: 'lobby-selects' }, camera.element, microphone.element),
        ),
        form,
      ),
    ),
    update(state) {
      const isJoining = state.connection.status === 'connecting' || state.connection.status === 'connected';
      join.disabled = isJoining;
      setText(join, isJoining ? t.joining : t.join);
      for (const part of parts) part.update(state);
    },
    dispose() {
      for (const part of parts) part.dispose?.();
    },
  };
}

function createProblem(
  problemOf: (state: AppState) => string | null,
  role: 'status' | 'alert',
): View<AppState> {
  const text = h('span');
  const element = h('p', { class: 'problem', role, hidden: true }, icon('warning'), text);
  return {
    element,
    update(state) {
      const problem = problemOf(state);
      element.hidden = problem === null;
      setText(text, problem ?? '');
    },
  };
}
