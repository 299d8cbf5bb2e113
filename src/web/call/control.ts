/** One round button in the bar under a call. */
import { h, setAttribute, type View } from '../dom.ts';
import { type IconName, icon } from '../icons.ts';
import { texts } from '../texts.ts';

export interface ControlState {
  readonly label: string;
  readonly icon: IconName;
  /** `off` is a device that is not sending, `active` something that is going on, `recording` what all should know of. */
  readonly look: 'plain' | 'off' | 'active' | 'danger' | 'recording';
  /** Asked for, and not answered yet. */
  readonly isPending?: boolean;
  readonly isPressed?: boolean;
}

export function control(name: string, onClick: () => void, key?: string): View<ControlState> {
  const button = h('button', { class: 'control', type: 'button', 'data-control': name });
  let shownIcon: IconName | undefined;
  button.addEventListener('click', onClick);
  return {
    element: button,
    update(state) {
      setAttribute(button, 'aria-label', state.label);
      setAttribute(button, 'title', key ? `${state.label} ${texts.controls.key(key)}` : state.label);
      setAttribute(button, 'aria-keyshortcuts', key);
      setAttribute(
        button,
        'aria-pressed',
        state.isPressed === undefined ? undefined : String(state.isPressed),
      );
      setAttribute(button, 'data-look', state.look);
      // Not disabled: that would take the focus away.
      setAttribute(button, 'aria-busy', state.isPending ? 'true' : undefined);
      if (shownIcon === state.icon) return;
      shownIcon = state.icon;
      button.querySelector('svg')?.remove();
      button.prepend(icon(state.icon));
    },
  };
}
