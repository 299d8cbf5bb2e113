/** One recording in the list: what it is, how far it is, and what can be done with it. */
import type { Recording } from '../../client/index.ts';
import { h, setAttribute, setText, type View } from '../dom.ts';
import { type IconName, icon } from '../icons.ts';
import { describePhase } from '../shared/phase.ts';
import { texts } from '../texts.ts';
import type { LibraryActions } from './actions.ts';
import { factsOf, nameOf, playableFiles } from './describe.ts';
import type { RecordingEntry } from './state.ts';
import { createThumbnail } from './thumbnail.ts';

export function createRecordingRow(initial: Recording, actions: LibraryActions): View<RecordingEntry> {
  const { library: t } = texts;
  let recording = initial;
  const thumbnail = createThumbnail(actions.links);
  const play = h(
    'button',
    { class: 'recording-play', type: 'button', 'data-action': 'play' },
    thumbnail.element,
    h('span', { class: 'recording-play-sign' }, icon('play')),
  );
  const name = h('h2', { class: 'recording-name' });
  const facts = h('p', { class: 'recording-facts' });
  const progress = createProgress();
  const problem = h('p', { class: 'recording-problem', role: 'alert' });
  const download = action('download', 'download');
  const retry = action('retry', 'retry');
  const remove = action('delete', 'trash');
  play.addEventListener('click', () => actions.play(recording));
  download.addEventListener('click', () => void actions.download(recording));
  retry.addEventListener('click', () => void actions.retry(recording));
  remove.addEventListener('click', () => actions.askToDelete(recording));
  const element = h(
    'li',
    { class: 'recording', 'data-recording-id': initial.id },
    play,
    h('div', { class: 'recording-words' }, name, facts, progress.element, problem),
    h('div', { class: 'recording-actions' }, download, retry, remove),
  );
  return {
    element,
    update(entry) {
      recording = entry.recording;
      const title = nameOf(recording);
      const isPlayable = playableFiles(recording).length > 0;
      setAttribute(element, 'data-status', recording.status);
      setAttribute(element, 'aria-busy', entry.isBusy ? 'true' : undefined);
      thumbnail.update(recording);
      play.disabled = !isPlayable;
      label(play, t.play(title));
      setText(name, title);
      setText(facts, factsOf(recording).join(' · '));
      progress.update(recording);
      setText(problem, entry.problem ?? '');
      problem.hidden = entry.problem === null;
      download.hidden = !isPlayable;
      retry.hidden = recording.status !== 'failed';
      label(download, t.download(title));
      label(retry, t.retry(title));
      label(remove, t.delete(title));
    },
    dispose: () => thumbnail.dispose?.(),
  };
}

/** How far one that is not finished is, or why it failed. */
function createProgress(): View<Recording> {
  const { library: t } = texts;
  const state = h('span', { class: 'recording-state', role: 'status' });
  const bar = h('progress', { class: 'bar', max: '1', 'aria-label': texts.recording.progress });
  const reason = h('span', { class: 'recording-reason' });
  const element = h('div', { class: 'recording-progress' }, state, bar, reason);
  return {
    element,
    update({ status, phase, progress, failureReason }) {
      element.hidden = status === 'completed';
      bar.hidden = status !== 'processing';
      bar.value = progress;
      if (status === 'recording') setText(state, t.recordingNow);
      if (status === 'processing') setText(state, describePhase(phase));
      if (status === 'failed') setText(state, t.failed);
      setText(
        reason,
        status === 'processing' && failureReason ? t.latestTrouble(failureReason) : (failureReason ?? ''),
      );
    },
  };
}

function action(name: string, iconName: IconName): HTMLButtonElement {
  return h('button', { class: 'icon-button', type: 'button', 'data-action': name }, icon(iconName));
}

function label(button: HTMLButtonElement, text: string): void {
  setAttribute(button, 'aria-label', text);
  setAttribute(button, 'title', text);
}
