/** The chat beside a call. */
import type { ChatMessage } from '../../client/index.ts';
import type { Actions } from '../actions.ts';
import { h, type View } from '../dom.ts';
import { icon } from '../icons.ts';
import type { AppState } from '../state.ts';
import { texts } from '../texts.ts';
import { createPanel } from './panel.ts';

const MAX_LENGTH = '4000';
/** Messages of one person within this time stand under one name. */
const GROUP_MS = 3 * 60_000;

export function createChatPanel(actions: Actions): View<AppState> {
  const { chat: t } = texts;
  const list = h('ol', { class: 'chat-list', 'aria-label': t.heading, tabindex: '0' });
  const empty = h('p', { class: 'chat-empty' }, t.empty);
  const input = h('input', {
    class: 'field',
    name: 'message',
    placeholder: t.placeholder,
    'aria-label': t.placeholder,
    maxlength: MAX_LENGTH,
    autocomplete: 'off',
    enterkeyhint: 'send',
  });
  const send = h(
    'button',
    { class: 'icon-button', type: 'submit', 'aria-label': t.send, title: t.send },
    icon('send'),
  );
  const form = h('form', { class: 'chat-form' }, input, send);
  const panel = createPanel(
    {
      name: 'chat',
      heading: t.heading,
      closeLabel: t.close,
      onClose: () => actions.togglePanel('chat'),
      firstFocus: input,
    },
    h('div', { class: 'chat-body' }, empty, list),
    form,
  );
  let drawn = 0;

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    actions.sendChat(input.value);
    input.value = '';
  });

  return {
    element: panel.element,
    update({ messages, panel: open, rights }) {
      form.hidden = !rights.data;
      panel.setOpen(open === 'chat');
      empty.hidden = messages.length > 0;
      if (drawn === messages.length) return;
      for (const [index, message] of messages.entries()) {
        if (index >= drawn) list.append(drawMessage(message, messages[index - 1]));
      }
      drawn = messages.length;
      list.scrollTop = list.scrollHeight;
    },
  };
}

function drawMessage(message: ChatMessage, previous: ChatMessage | undefined): HTMLElement {
  const { name, text, sentAt, isOwn, userId } = message;
  const isContinued = previous?.userId === userId && sentAt.getTime() - previous.sentAt.getTime() < GROUP_MS;
  const time = h(
    'time',
    { datetime: sentAt.toISOString() },
    sentAt.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' }),
  );
  const author = h('span', { class: 'chat-author' }, isOwn ? texts.you : name);
  return h(
    'li',
    { class: 'chat-message', 'data-own': isOwn, 'data-continued': isContinued },
    ...(isContinued ? [] : [h('div', { class: 'chat-meta' }, author, time)]),
    h('p', { class: 'chat-text' }, text),
  );
}
