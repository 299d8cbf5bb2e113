/** The screen of the library: what was recorded, newest first, with a player and a question before it is deleted. */
import { createKeyedList, h, setText, type View } from '../dom.ts';
import { icon, logo } from '../icons.ts';
import { texts } from '../texts.ts';
import type { LibraryActions } from './actions.ts';
import { createDeleteDialog } from './delete-dialog.ts';
import { createPager } from './pager.ts';
import { createPlayerDialog } from './player-dialog.ts';
import { createRecordingRow } from './recording-row.ts';
import type { LibraryState, RecordingEntry } from './state.ts';

export function createLibraryScreen(actions: LibraryActions): View<LibraryState> {
  const { library: t } = texts;
  const parts = [
    createNotice(actions),
    createList(actions),
    createEmpty(),
    createPager(actions),
    createPlayerDialog(actions),
    createDeleteDialog(actions),
  ] as const;
  const announcement = h('p', { class: 'spoken-only', 'aria-live': 'polite', 'data-announcer': true });
  const count = h('span', { class: 'muted' });
  const element = h(
    'main',
    { class: 'library' },
    h(
      'header',
      { class: 'library-header' },
      h('a', { class: 'brand', href: '/' }, logo(), h('span', {}, texts.appName)),
      h('a', { class: 'button', href: '/', 'data-look': 'quiet', 'data-size': 'small' }, t.toCalls),
    ),
    h('div', { class: 'library-title' }, h('h1', {}, t.heading), count),
    ...parts.map((part) => part.element),
    announcement,
  );
  return {
    element,
    update(state) {
      setText(count, state.entries && state.total > 0 ? t.count(state.total) : '');
      setText(announcement, state.announcement);
      for (const part of parts) part.update(state);
    },
    dispose() {
      for (const part of parts) part.dispose?.();
    },
  };
}

/** That it is being read, or why it could not be. */
function createNotice(actions: LibraryActions): View<LibraryState> {
  const { library: t } = texts;
  const loading = h('p', { class: 'library-loading muted', role: 'status' }, t.loading);
  const text = h('span');
  const again = h(
    'button',
    {
      class: 'button',
      type: 'button',
      'data-look': 'quiet',
      'data-size': 'small',
      'data-action': 'look-again',
    },
    t.tryAgain,
  );
  again.addEventListener('click', () => void actions.look());
  const problem = h('div', { class: 'problem', role: 'alert', hidden: true }, icon('warning'), text, again);
  return {
    element: h('div', { class: 'library-notice' }, loading, problem),
    update({ entries, problem: why, isLoading }) {
      loading.hidden = !(isLoading && !entries);
      problem.hidden = why === null;
      setText(text, why ?? '');
    },
  };
}

function createList(actions: LibraryActions): View<LibraryState> {
  const element = h('ul', { class: 'recordings', 'aria-label': texts.library.heading });
  const draw = createKeyedList<RecordingEntry>(element, {
    keyOf: ({ recording }) => recording.id,
    create: (entry) => createRecordingRow(entry.recording, actions),
  });
  return {
    element,
    update({ entries = [] }) {
      element.hidden = entries.length === 0;
      draw(entries);
    },
    dispose: () => draw([]),
  };
}

function createEmpty(): View<LibraryState> {
  const { library: t } = texts;
  const element = h(
    'div',
    { class: 'library-empty', hidden: true },
    icon('film'),
    h('h2', {}, t.empty),
    h('p', { class: 'muted' }, t.emptyText),
  );
  return {
    element,
    update({ entries, problem }) {
      element.hidden = entries?.length !== 0 || problem !== null;
    },
  };
}
