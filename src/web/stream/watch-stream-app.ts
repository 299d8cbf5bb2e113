/** The player of a streaming session as a page of its own. */
import { StreamWatcher } from '../../client/index.ts';
import { fetchToken } from '../access.ts';
import { rememberedName, tabUserId } from '../identity.ts';
import { createWatchScreen } from '../shared/watch-screen.ts';
import { texts } from '../texts.ts';

/** The returned function takes the page down again. */
export function startWatchingStream(root: HTMLElement, sessionId: string): () => void {
  const { title, watching } = texts.stream;
  const screen = createWatchScreen(watching);
  const watcher = new StreamWatcher({
    url: location.origin,
    sessionId,
    token: () => fetchToken({ name: rememberedName() || 'Guest', userId: tabUserId() }),
    video: screen.video,
  });
  document.title = title;
  root.replaceChildren(screen.element);
  watcher.events.on('state', (state) => screen.show(state));
  screen.show(watcher.state);
  void watcher.start();
  return () => watcher.close();
}
