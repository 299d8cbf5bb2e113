/** The player of a call as a page of its own: the picture, the sound once somebody asks for it, and a word while there is none. */
import { WhepPlayer, type WhepState } from '../../client/index.ts';
import { fetchToken } from '../access.ts';
import { h, setText } from '../dom.ts';
import { icon } from '../icons.ts';
import { rememberedName, tabUserId } from '../identity.ts';
import { texts } from '../texts.ts';
import type { Watched } from './watch-path.ts';

/** The returned function takes the page down again. */
export function startWatching(root: HTMLElement, { roomId, userId }: Watched): () => void {
  const { watch: t } = texts;
  const player = new WhepPlayer({
    url: location.origin,
    token: () => fetchToken({ name: rememberedName() || 'Guest', userId: tabUserId() }),
    roomId,
    ...(userId !== undefined && { userId }),
  });
  const video = h('video', {
    class: 'watch-video',
    autoplay: true,
    playsinline: true,
    'aria-label': t.picture,
  });
  // Browsers let nothing sound before somebody has asked for it.
  video.muted = true;
  const status = h('p', { class: 'watch-status', role: 'status' });
  const sound = h(
    'button',
    { class: 'button watch-sound', type: 'button', 'data-action': 'sound' },
    icon('speaker'),
    h('span', {}, t.sound),
  );
  const title = h('h1', { class: 'watch-title' }, userId === undefined ? roomId : `${userId} · ${roomId}`);
  const element = h(
    'main',
    { class: 'watch' },
    video,
    h('div', { class: 'watch-bar' }, title, sound),
    status,
  );

  const show = (state: WhepState) => {
    element.dataset.state = state;
    setText(status, t.states[state]);
    status.hidden = state === 'playing';
    // Not before there is something: a video that waits for its first picture holds up the page.
    video.srcObject = state === 'playing' ? player.stream : null;
    if (state === 'playing') void video.play().catch(() => undefined);
  };
  sound.addEventListener('click', () => {
    video.muted = false;
    sound.hidden = true;
    void video.play().catch(() => undefined);
  });
  document.title = texts.title(roomId);
  root.replaceChildren(element);
  player.events.on('state', show);
  show(player.state);
  void player.start();
  return () => player.close();
}
