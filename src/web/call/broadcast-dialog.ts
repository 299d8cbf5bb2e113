/** How an encoder such as OBS comes into the call: the address and the token that it needs, and what to set where. */
import type { Actions } from '../actions.ts';
import { h, setText, type View } from '../dom.ts';
import { icon } from '../icons.ts';
import type { AppState } from '../state.ts';
import { texts } from '../texts.ts';
import { pathOfWatching } from '../watch/watch-path.ts';

export function createBroadcastDialog(actions: Actions): View<AppState> {
  const { broadcast: t } = texts;
  const address = createField('whip-address', t.address, actions);
  const token = createField('whip-token', t.token, actions);
  const watching = createField('watch-address', t.watch, actions);
  const problem = h('p', { class: 'problem', role: 'alert', hidden: true });
  const close = h(
    'button',
    {
      class: 'icon-button',
      type: 'button',
      'aria-label': t.close,
      title: t.close,
      'data-action': 'close-broadcast',
    },
    icon('close'),
  );
  const element = h(
    'dialog',
    { class: 'broadcast', 'aria-labelledby': 'broadcast-title' },
    h(
      'div',
      { class: 'broadcast-header' },
      h('div', {}, h('h2', { id: 'broadcast-title' }, t.heading), h('p', { class: 'muted' }, t.intro)),
      close,
    ),
    problem,
    address.element,
    token.element,
    h('p', { class: 'hint' }, t.tokenHint),
    h('ol', { class: 'broadcast-steps' }, ...t.steps.map((step) => h('li', {}, step))),
    watching.element,
  );
  close.addEventListener('click', () => actions.host.closeBroadcast());
  // By the key Escape.
  element.addEventListener('close', () => actions.host.closeBroadcast());
  return {
    element,
    update({ broadcast, roomId }) {
      if (!broadcast) {
        if (element.open) element.close();
        return;
      }
      address.show(`${location.origin}/whip/${roomId}`);
      watching.show(location.origin + pathOfWatching(roomId));
      token.show(broadcast.token ?? '');
      problem.hidden = !broadcast.isRefused;
      setText(problem, broadcast.isRefused ? t.failed : '');
      if (!element.open) element.showModal();
    },
  };
}

function createField(name: string, label: string, actions: Actions) {
  const { broadcast: t } = texts;
  const input = h('input', { class: 'field', id: name, name, readonly: true });
  const copy = h(
    'button',
    {
      class: 'button',
      type: 'button',
      'data-look': 'quiet',
      'data-action': `copy-${name}`,
      'aria-label': t.copyName(label),
    },
    t.copy,
  );
  copy.addEventListener('click', () => void actions.host.copy(input.value));
  input.addEventListener('focus', () => input.select());
  return {
    element: h(
      'div',
      { class: 'broadcast-field' },
      h('label', { for: name }, label),
      h('div', {}, input, copy),
    ),
    show: (text: string) => {
      if (input.value !== text) input.value = text;
      copy.disabled = text === '';
    },
  };
}
