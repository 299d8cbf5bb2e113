/** The red sign that everyone in a call sees, and hears, for as long as it is recorded. */
import { h, setAttribute, setText, type View } from '../dom.ts';
import { icon } from '../icons.ts';
import { ElapsedClock } from '../shared/elapsed.ts';
import type { AppState } from '../state.ts';
import { texts } from '../texts.ts';

export function createRecordingSign(): View<AppState> {
  const { recording: t } = texts;
  // Always there, so that screen readers tell when something appears in it.
  const status = h('span', { class: 'spoken-only', role: 'status', 'aria-live': 'polite' });
  const trouble = h('span', { class: 'recording-trouble' }, icon('warning'));
  const time = h('span', { class: 'recording-time' });
  const clock = new ElapsedClock(time);
  const sign = h(
    'span',
    { class: 'recording-sign', 'aria-hidden': 'true', title: t.signTitle },
    h('span', { class: 'recording-dot' }),
    t.sign,
    time,
    trouble,
  );
  return {
    element: h('span', {}, status, sign),
    update({ recording }) {
      const [reason] = recording?.troubles ?? [];
      sign.hidden = recording === null;
      trouble.hidden = reason === undefined;
      setAttribute(sign, 'title', reason ? t.troubles[reason] : t.signTitle);
      setText(status, recording ? [t.sign, reason && t.troubles[reason]].filter(Boolean).join('. ') : '');
      clock.show(recording?.startedAt ?? null);
    },
    dispose: () => clock.stop(),
  };
}
