/** A streaming session as a page of its own: the picture, the sound once somebody asks for it, and a word while there is none. */
import { StreamWatcher, type StreamWatcherState } from '../../client/index.ts';
import { fetchToken } from '../access.ts';
import { h, setText } from '../dom.ts';
import { icon } from '../icons.ts';
import { rememberedName, tabUserId } from '../identity.ts';
import { texts } from '../texts.ts';

/** The returned function takes the page down again. */
export function startWatchingStream(root: HTMLElement, sessionId: string): () => void {
  const { watching: t } = texts.stream;
  const video = h('video', { class: 'watch-video', playsinline: true, 'aria-label': t.picture });
  // Browsers let nothing sound before somebody has asked for it.
  video.muted = true;
  const watcher = new StreamWatcher({
    url: location.origin,
    sessionId,
    token: () => fetchToken({ name: rememberedName() || 'Guest', userId: tabUserId() }),
    video,
  });
  const status = h('p', { class: 'watch-status', role: 'status' });
  const sound = h(
    'button',
    { class: 'button watch-sound', type: 'button', 'data-action': 'sound' },
    icon('speaker'),
    h('span', {}, t.sound),
  );
  const title = h('h1', { class: 'watch-title' }, t.title);
  const element = h(
    'main',
    { class: 'watch' },
    video,
    h('div', { class: 'watch-bar' }, title, sound),
    status,
  );

  const show = (state: StreamWatcherState) => {
    element.dataset.state = state;
    setText(status, t.states[state]);
    status.hidden = state === 'playing';
  };
  sound.addEventListener('click', () => {
    video.muted = false;
    sound.hidden = true;
    void video.play().catch(() => undefined);
  });
  document.title = texts.stream.title;
  root.replaceChildren(element);
  watcher.events.on('state', show);
  show(watcher.state);
  void watcher.start();
  return () => watcher.close();
}
