/** The address for viewers, to be copied; hidden while there is none. */
import { h, setText } from '../dom.ts';
import { texts } from '../texts.ts';

export function createAddressField() {
  const { stream: t } = texts;
  const input = h('input', { class: 'field', id: 'stream-address', name: 'address', readonly: true });
  const copy = h(
    'button',
    {
      class: 'button',
      type: 'button',
      'data-look': 'quiet',
      'data-action': 'copy-address',
      'aria-live': 'polite',
    },
    t.copy,
  );
  const element = h(
    'div',
    { class: 'broadcast-field', hidden: true },
    h('label', { for: 'stream-address' }, t.address),
    h('div', {}, input, copy),
  );
  input.addEventListener('focus', () => input.select());
  copy.addEventListener('click', () => {
    navigator.clipboard?.writeText(input.value).then(
      () => setText(copy, t.copied),
      // Where the browser forbids it, it is selected, to be copied by hand.
      () => input.select(),
    );
  });
  return {
    element,
    show(address: string): void {
      element.hidden = address === '';
      if (input.value === address) return;
      input.value = address;
      setText(copy, t.copy);
    },
  };
}
