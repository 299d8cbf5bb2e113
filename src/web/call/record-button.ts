/** Starts and stops the recording of the call, for those who may; while it runs it says for how long. */
import type { Actions } from '../actions.ts';
import { h, type View } from '../dom.ts';
import { ElapsedClock } from '../shared/elapsed.ts';
import type { AppState } from '../state.ts';
import { texts } from '../texts.ts';
import { control } from './control.ts';

export function createRecordButton(actions: Actions): View<AppState> {
  const { recording: t } = texts;
  const button = control('record', () => void actions.recording.toggle());
  // Spoken it would interrupt each second.
  const time = h('span', { class: 'control-time', 'aria-hidden': 'true' });
  const clock = new ElapsedClock(time);
  button.element.append(time);
  return {
    element: button.element,
    update({ rights, recording, isRecordingPending }) {
      button.element.hidden = !rights.record;
      const labels = recording ? [t.stop, t.stopping] : [t.start, t.starting];
      button.update({
        label: labels[isRecordingPending ? 1 : 0] ?? '',
        icon: recording ? 'stop' : 'record',
        look: recording ? 'recording' : 'plain',
        isPressed: recording !== null,
        isPending: isRecordingPending,
      });
      clock.show(recording?.startedAt ?? null);
    },
    dispose: () => clock.stop(),
  };
}
