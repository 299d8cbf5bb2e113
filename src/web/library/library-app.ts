/** The library as a page of its own: its state, what it is asked with, and the screen that shows it. */
import { RecordingLibrary } from '../../client/index.ts';
import { fetchToken, forgetInvitation } from '../access.ts';
import { rememberedName, tabUserId } from '../identity.ts';
import { createStore } from '../store.ts';
import { texts } from '../texts.ts';
import { LibraryActions } from './actions.ts';
import { createLibraryScreen } from './library-screen.ts';
import { initialLibraryState } from './state.ts';

/** The returned function takes the page down again. */
export function startLibrary(root: HTMLElement): () => void {
  const page = Number(new URLSearchParams(location.search).get('page') ?? 1);
  const store = createStore(initialLibraryState(Number.isInteger(page) && page > 0 ? page : 1));
  const actions = new LibraryActions(openLibrary(), store);
  const screen = createLibraryScreen(actions);
  document.title = texts.library.title;
  root.replaceChildren(screen.element);
  const stopDrawing = store.subscribe((state) => screen.update(state));
  screen.update(store.get());
  void actions.look();
  return () => {
    stopDrawing();
    screen.dispose?.();
    actions.dispose();
  };
}

function openLibrary(): RecordingLibrary {
  let hasAsked = false;
  return new RecordingLibrary({
    url: location.origin,
    token: () => {
      // Asked again: the one that we had is refused. Without it there is another one, or a place to sign in.
      if (hasAsked) forgetInvitation();
      hasAsked = true;
      return fetchToken({ name: rememberedName() || 'Guest', userId: tabUserId() });
    },
  });
}
