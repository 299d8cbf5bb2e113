/** The screen of whoever only watches: the picture, the sound once somebody asks for it, and a word while there is none. */
import { h, setText } from '../dom.ts';
import { icon } from '../icons.ts';
import { texts } from '../texts.ts';

export interface WatchScreenOptions<State extends string> {
  readonly title: string;
  /** What the picture is, for those who do not see it. */
  readonly picture: string;
  /** What is said in each state; in `playing` it is hidden. */
  readonly states: Readonly<Record<State, string>>;
}

export interface WatchScreen<State extends string> {
  readonly element: HTMLElement;
  readonly video: HTMLVideoElement;
  show(state: State): void;
}

export function createWatchScreen<State extends string>({
  title,
  picture,
  states,
}: WatchScreenOptions<State>): WatchScreen<State> {
  const video = h('video', { class: 'watch-video', playsinline: true, 'aria-label': picture });
  // Browsers let nothing sound before somebody has asked for it.
  video.muted = true;
  const status = h('p', { class: 'watch-status', role: 'status' });
  const sound = h(
    'button',
    { class: 'button watch-sound', type: 'button', 'data-action': 'sound' },
    icon('speaker'),
    h('span', {}, texts.watch.sound),
  );
  const heading = h('h1', { class: 'watch-title' }, title);
  const bar = h('div', { class: 'watch-bar' }, heading, sound);
  const element = h('main', { class: 'watch' }, video, bar, status);
  sound.addEventListener('click', () => {
    video.muted = false;
    sound.hidden = true;
    void video.play().catch(() => undefined);
  });
  return {
    element,
    video,
    show(state) {
      element.dataset.state = state;
      setText(status, states[state]);
      status.hidden = state === 'playing';
    },
  };
}
