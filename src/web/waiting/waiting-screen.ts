/** The screen of somebody who is not in yet: a host has to let them in. */
import type { Actions } from '../actions.ts';
import { h, setText, type View } from '../dom.ts';
import { logo } from '../icons.ts';
import { createPreview } from '../lobby/preview.ts';
import type { AppState } from '../state.ts';
import { texts } from '../texts.ts';

export function createWaitingScreen(actions: Actions): View<AppState> {
  const { waiting: t } = texts;
  const preview = createPreview(actions);
  const text = h('p', { class: 'muted' });
  const cancel = h(
    'button',
    { class: 'button', type: 'button', 'data-look': 'quiet', 'data-action': 'stop-waiting' },
    t.cancel,
  );
  cancel.addEventListener('click', () => actions.leave());
  return {
    element: h(
      'main',
      { class: 'waiting' },
      h('div', { class: 'brand' }, logo(), h('span', {}, texts.appName)),
      h(
        'div',
        { class: 'waiting-card' },
        preview.element,
        h(
          'div',
          { class: 'waiting-words', role: 'status' },
          h('span', { class: 'waiting-pulse', 'aria-hidden': 'true' }),
          h('h1', {}, t.heading),
          text,
          h('p', { class: 'hint' }, t.hint),
        ),
        cancel,
      ),
    ),
    update(state) {
      const isLost = state.connection.status === 'reconnecting';
      setText(text, isLost ? t.reconnecting : t.text(state.roomId));
      preview.update(state);
    },
    dispose: () => preview.dispose?.(),
  };
}
