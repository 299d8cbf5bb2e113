/** Where the page begins: takes what the address says, and starts the app. */
import { takeInvitation } from './access.ts';
import { startApp } from './app.ts';
import { rememberedName } from './identity.ts';
import { startLibrary } from './library/library-app.ts';
import { startPhone } from './phone/phone-app.ts';
import { isPhonePath } from './phone/phone-path.ts';
import { randomRoomId, roomIdOfPath } from './room-name.ts';
import { isLibraryPath } from './shared/library-link.ts';
import { initialState } from './state.ts';
import { createStore } from './store.ts';
import { startStreaming } from './stream/publish-app.ts';
import { isStreamPath, streamOfPath } from './stream/stream-path.ts';
import { startWatchingStream } from './stream/watch-stream-app.ts';
import { startWatching } from './watch/watch-app.ts';
import { watchedOfPath } from './watch/watch-path.ts';

takeInvitation();
const root = document.getElementById('app');
if (!root) throw new Error('The page has no place for the app.');
const stop = startPage(root);
addEventListener('pagehide', stop, { once: true });
// A page that the browser kept and brings back has no call behind it any more.
addEventListener('pageshow', (event) => {
  if (event instanceof PageTransitionEvent && event.persisted) location.reload();
});

function startPage(place: HTMLElement): () => void {
  const watched = watchedOfPath(location.pathname);
  if (watched) return startWatching(place, watched);
  const streamId = streamOfPath(location.pathname);
  if (streamId !== undefined) return startWatchingStream(place, streamId);
  if (isStreamPath(location.pathname)) return startStreaming(place);
  if (isPhonePath(location.pathname)) return startPhone(place);
  return isLibraryPath(location.pathname) ? startLibrary(place) : startCalls(place);
}

function startCalls(place: HTMLElement): () => void {
  const roomId = roomIdOfPath(location.pathname) ?? randomRoomId();
  return startApp(place, createStore(initialState(roomId, rememberedName())));
}
