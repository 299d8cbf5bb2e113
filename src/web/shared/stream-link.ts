/** The way to the page that streams from this browser. */
import { h } from '../dom.ts';
import { icon } from '../icons.ts';
import { texts } from '../texts.ts';

export function createStreamLink(): HTMLAnchorElement {
  return h(
    'a',
    { class: 'library-link', href: '/stream', 'data-action': 'stream' },
    icon('broadcast'),
    h('span', {}, texts.stream.link),
  );
}
