/** The way to what was recorded. */
import { h } from '../dom.ts';
import { icon } from '../icons.ts';
import { texts } from '../texts.ts';

const LIBRARY_PATH = '/library';

export function isLibraryPath(path: string): boolean {
  return path === LIBRARY_PATH || path === `${LIBRARY_PATH}/`;
}

/** In a tab of its own where the page has a call that must go on. */
export function createLibraryLink({
  isNewTab = false,
}: {
  readonly isNewTab?: boolean;
} = {}): HTMLAnchorElement {
  return h(
    'a',
    {
      class: 'library-link',
      href: LIBRARY_PATH,
      // With its opener the other tab is the same person: it gets a copy of what this one has stored.
      ...(isNewTab && { target: '_blank', rel: 'opener' }),
    },
    icon('film'),
    h('span', {}, texts.library.link),
  );
}
