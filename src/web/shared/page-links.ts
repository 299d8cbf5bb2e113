/** The ways from the lobby to the pages beside calls. */
import { h } from '../dom.ts';
import { type IconName, icon } from '../icons.ts';
import { texts } from '../texts.ts';

export function createStreamLink(): HTMLAnchorElement {
  return createPageLink('/stream', { name: 'broadcast', text: texts.stream.link });
}

export function createPhoneLink(): HTMLAnchorElement {
  return createPageLink('/phone', { name: 'phone', text: texts.phone.link });
}

function createPageLink(
  href: string,
  { name, text }: { readonly name: IconName; readonly text: string },
): HTMLAnchorElement {
  const action = href.slice(1);
  return h('a', { class: 'library-link', href, 'data-action': action }, icon(name), h('span', {}, text));
}
