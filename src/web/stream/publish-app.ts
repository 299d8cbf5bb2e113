/** The page that streams from this browser: a preview, one button, the address for viewers, and who they are. */
import type { StreamPublisherState } from '../../client/index.ts';
import { captureBoth } from '../capture.ts';
import { h, setText, setTracks } from '../dom.ts';
import { icon, logo } from '../icons.ts';
import { explainDeviceProblem } from '../media-problem.ts';
import { texts } from '../texts.ts';
import { createAddressField } from './address-field.ts';
import { createOperatorList } from './operator-list.ts';
import { Publication } from './publication.ts';

type Phase = 'idle' | 'starting' | StreamPublisherState;

const RUNNING: readonly Phase[] = ['starting', 'connecting', 'live', 'lost'];

/** The returned function takes the page down again. */
export function startStreaming(root: HTMLElement): () => void {
  const { stream: t } = texts;
  const video = h('video', { autoplay: true, playsinline: true, 'aria-label': t.preview });
  video.muted = true;
  const badge = h('p', { class: 'stream-badge', role: 'status', hidden: true });
  const problemText = h('span');
  const problem = h('p', { class: 'problem', role: 'alert', hidden: true }, icon('warning'), problemText);
  const button = h('button', { class: 'button', type: 'button', 'data-action': 'toggle-stream' });
  const address = createAddressField();
  const operators = createOperatorList();
  let tracks: readonly MediaStreamTrack[] = [];
  let publication: Publication | undefined;
  let phase: Phase = 'idle';
  let isGone = false;

  const element = h(
    'main',
    { class: 'stream' },
    h(
      'header',
      { class: 'library-header' },
      h('a', { class: 'brand', href: '/' }, logo(), h('span', {}, texts.appName)),
      h('a', { class: 'button', href: '/', 'data-look': 'quiet', 'data-size': 'small' }, t.toCalls),
    ),
    h(
      'div',
      { class: 'lobby-columns' },
      h('section', { class: 'preview stream-preview' }, video, badge),
      h(
        'section',
        { class: 'stream-panel' },
        h('h1', {}, t.heading),
        h('p', { class: 'muted' }, t.intro),
        problem,
        button,
        address.element,
        operators.element,
      ),
    ),
  );

  const explain = (text: string) => {
    problem.hidden = text === '';
    setText(problemText, text);
  };
  const enter = (next: Phase) => {
    phase = next;
    element.dataset.state = next;
    const isRunning = RUNNING.includes(next);
    badge.hidden = next === 'idle' || next === 'starting';
    badge.dataset.state = next;
    if (next !== 'idle' && next !== 'starting') setText(badge, t.states[next]);
    button.disabled = next === 'starting' || tracks.length === 0;
    button.dataset.look = isRunning && next !== 'starting' ? 'danger' : '';
    setText(
      button,
      next === 'starting' ? t.starting : isRunning ? t.stop : next === 'idle' ? t.start : t.again,
    );
    if (!isRunning) {
      address.show('');
      operators.show(undefined);
    }
  };
  const start = () => {
    explain('');
    enter('starting');
    publication = new Publication({
      started: address.show,
      state: (state) => {
        enter(state);
        if (state === 'live') operators.show([]);
      },
      operators: operators.show,
      failed: (text) => {
        enter('idle');
        explain(text);
      },
    });
    void publication.start(new MediaStream([...tracks]));
  };
  button.addEventListener('click', () => {
    if (!RUNNING.includes(phase)) return start();
    publication?.stop();
    enter('closed');
  });

  document.title = t.title;
  root.replaceChildren(element);
  enter('idle');
  captureBoth().then(
    ({ camera, microphone }) => {
      tracks = [camera, microphone];
      if (isGone) return stopTracks(tracks);
      setTracks(video, [camera]);
      enter('idle');
    },
    (error: unknown) => explain(explainDeviceProblem(error, ['camera', 'microphone'])),
  );
  return () => {
    isGone = true;
    publication?.stop();
    stopTracks(tracks);
  };
}

function stopTracks(tracks: readonly MediaStreamTrack[]): void {
  for (const track of tracks) track.stop();
}
