/** What becomes of the recording after its stop: how far its files are, then where to find them. */
import type { Actions } from '../actions.ts';
import { h, setAttribute, setText, type View } from '../dom.ts';
import { icon } from '../icons.ts';
import { createLibraryLink } from '../shared/library-link.ts';
import { describePhase } from '../shared/phase.ts';
import type { AppState } from '../state.ts';
import { texts } from '../texts.ts';

export function createFinishingCard(actions: Actions): View<AppState> {
  const { recording: t } = texts;
  const title = h('strong', { role: 'status' });
  const text = h('span', { class: 'finishing-text' });
  const bar = h('progress', { class: 'bar', max: '1', 'aria-label': t.progress });
  const link = createLibraryLink({ isNewTab: true });
  const dismiss = h(
    'button',
    {
      class: 'toast-dismiss',
      type: 'button',
      'aria-label': texts.toasts.dismiss,
      title: texts.toasts.dismiss,
    },
    icon('close'),
  );
  dismiss.addEventListener('click', () => actions.recording.dismissFinishing());
  const element = h(
    'section',
    { class: 'finishing', 'aria-label': t.heading },
    h('div', { class: 'finishing-words' }, title, text, bar, link),
    dismiss,
  );
  return {
    element,
    update({ finishing }) {
      element.hidden = finishing === null;
      if (!finishing) return;
      const { status } = finishing;
      setAttribute(element, 'data-status', status);
      setText(title, status === 'processing' ? t.processing : status === 'completed' ? t.ready : t.failed);
      bar.hidden = status !== 'processing';
      link.hidden = status === 'processing';
      if (status === 'processing') {
        setText(text, describePhase(finishing.phase));
        bar.value = finishing.progress;
      } else setText(text, status === 'failed' ? finishing.reason : t.readyText);
    },
  };
}
