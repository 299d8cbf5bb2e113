/** The player of a call as a page of its own. */
import { WhepPlayer, type WhepState } from '../../client/index.ts';
import { fetchToken } from '../access.ts';
import { rememberedName, tabUserId } from '../identity.ts';
import { createWatchScreen } from '../shared/watch-screen.ts';
import { texts } from '../texts.ts';
import type { Watched } from './watch-path.ts';

/** The returned function takes the page down again. */
export function startWatching(root: HTMLElement, { roomId, userId }: Watched): () => void {
  const player = new WhepPlayer({
    url: location.origin,
    token: () => fetchToken({ name: rememberedName() || 'Guest', userId: tabUserId() }),
    roomId,
    ...(userId !== undefined && { userId }),
  });
  const { picture, states } = texts.watch;
  const title = userId === undefined ? roomId : `${userId} · ${roomId}`;
  const screen = createWatchScreen({ title, picture, states });
  const { video } = screen;
  const show = (state: WhepState) => {
    screen.show(state);
    // Not before there is something: a video that waits for its first picture holds up the page.
    video.srcObject = state === 'playing' ? player.stream : null;
    if (state === 'playing') void video.play().catch(() => undefined);
  };
  document.title = texts.title(roomId);
  root.replaceChildren(screen.element);
  player.events.on('state', show);
  show(player.state);
  void player.start();
  return () => player.close();
}
