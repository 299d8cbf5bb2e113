/** Plays a recording over the list; where its tracks are files of their own, one after another. */
import type { Recording, RecordingFile } from '../../client/index.ts';
import { h, setAttribute, setText, type View } from '../dom.ts';
import { icon } from '../icons.ts';
import { texts } from '../texts.ts';
import type { LibraryActions } from './actions.ts';
import { factsOf, formatSize, nameOf, playableFiles } from './describe.ts';
import { Player } from './player.ts';
import { explainProblem } from './problem.ts';
import type { LibraryState } from './state.ts';

export function createPlayerDialog(actions: LibraryActions): View<LibraryState> {
  const { library: t } = texts;
  const title = h('h2', { id: 'player-title' });
  const facts = h('p', { class: 'muted' });
  const stage = h('div', { class: 'player-stage' });
  const files = h('div', { class: 'player-files' });
  const close = h(
    'button',
    {
      class: 'icon-button',
      type: 'button',
      'aria-label': t.closePlayer,
      title: t.closePlayer,
      'data-action': 'close',
    },
    icon('close'),
  );
  const element = h(
    'dialog',
    { class: 'player', 'aria-labelledby': 'player-title' },
    h('div', { class: 'player-header' }, h('div', {}, title, facts), close),
    stage,
    files,
  );
  let shown: string | undefined;
  let player: Player | undefined;

  const show = (recording: Recording, file: RecordingFile) => {
    player?.close();
    const [next, problem] = createStage(recording, file, actions);
    player = next;
    stage.replaceChildren(next.element, problem);
    for (const button of files.querySelectorAll('[data-action=show-file]')) {
      setAttribute(button, 'aria-pressed', String(button.textContent === file.name));
    }
    void next.start();
  };
  const open = (recording: Recording) => {
    const playable = playableFiles(recording);
    setText(title, nameOf(recording));
    setText(facts, factsOf(recording).join(' · '));
    files.replaceChildren(
      ...playable.map((file) =>
        createFileRow(file, {
          onShow: playable.length > 1 ? () => show(recording, file) : undefined,
          onDownload: () => void actions.downloadFile(recording.id, file.name),
        }),
      ),
    );
    element.showModal();
    const [first] = playable;
    if (first) show(recording, first);
  };
  const end = () => {
    player?.close();
    player = undefined;
    stage.replaceChildren();
    if (element.open) element.close();
  };
  close.addEventListener('click', () => actions.closePlayer());
  // By the key Escape.
  element.addEventListener('close', () => actions.closePlayer());
  return {
    element,
    update({ player: recording }) {
      if (shown === recording?.id) return;
      shown = recording?.id;
      end();
      if (recording) open(recording);
    },
    dispose: end,
  };
}

function createStage(
  { id }: Recording,
  { name }: RecordingFile,
  { links }: LibraryActions,
): [player: Player, problem: HTMLElement] {
  const { library: t } = texts;
  const text = h('span');
  const again = h(
    'button',
    {
      class: 'button',
      type: 'button',
      'data-look': 'quiet',
      'data-size': 'small',
      'data-action': 'play-again',
    },
    t.tryAgain,
  );
  const problem = h('div', { class: 'problem', role: 'alert', hidden: true }, icon('warning'), text, again);
  const player = new Player({
    urlOf: (wish) => links.urlOf(id, name, wish),
    onFailed: (error) => {
      setText(text, error instanceof MediaError ? t.unplayable : explainProblem(error));
      problem.hidden = false;
    },
  });
  again.addEventListener('click', () => {
    problem.hidden = true;
    void player.start();
  });
  return [player, problem];
}

interface FileRowOptions {
  /** Absent where there is one file only: it is shown already. */
  readonly onShow: (() => void) | undefined;
  readonly onDownload: () => void;
}

function createFileRow({ name, size }: RecordingFile, { onShow, onDownload }: FileRowOptions): HTMLElement {
  const { library: t } = texts;
  const show = onShow
    ? h('button', { class: 'player-file', type: 'button', 'data-action': 'show-file' }, name)
    : h('span', { class: 'player-file' }, name);
  if (onShow) show.addEventListener('click', onShow);
  const download = h(
    'button',
    {
      class: 'button',
      type: 'button',
      'data-look': 'quiet',
      'data-size': 'small',
      'data-action': 'download-file',
    },
    icon('download'),
    t.downloadFile(formatSize(size)),
  );
  download.addEventListener('click', onDownload);
  return h('div', { class: 'player-file-row' }, show, download);
}
