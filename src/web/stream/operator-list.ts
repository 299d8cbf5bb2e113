/** Who watches the stream, and who has. */
import type { StreamOperator } from '../../client/index.ts';
import { createKeyedList, h, setText, type View } from '../dom.ts';
import { texts } from '../texts.ts';

export function createOperatorList() {
  const { stream: t } = texts;
  const list = h('ul', { class: 'stream-operators' });
  const draw = createKeyedList<StreamOperator>(list, { keyOf: ({ userId }) => userId, create: createRow });
  const nobody = h('p', { class: 'muted' }, t.nobody);
  const element = h(
    'section',
    { hidden: true, 'aria-live': 'polite' },
    h('h2', {}, t.operators),
    nobody,
    list,
  );
  return {
    element,
    /** Undefined: there is no stream. */
    show(operators: readonly StreamOperator[] | undefined): void {
      element.hidden = operators === undefined;
      nobody.hidden = (operators ?? []).length > 0;
      draw(operators ?? []);
    },
  };
}

function createRow({ userId }: StreamOperator): View<StreamOperator> {
  const note = h('span', { class: 'muted' });
  const element = h('li', { 'data-user-id': userId }, h('span', { class: 'stream-operator' }, userId), note);
  return {
    element,
    update({ isConnected }) {
      element.dataset.connected = String(isConnected);
      setText(note, isConnected ? '' : texts.stream.gone);
    },
  };
}
