/** Chooses which camera or microphone is used. */
import type { Actions } from '../actions.ts';
import { h, type View } from '../dom.ts';
import type { DeviceKind } from '../media-problem.ts';
import type { AppState } from '../state.ts';
import { texts } from '../texts.ts';

export function createDeviceSelect(kind: DeviceKind, actions: Actions): View<AppState> {
  const title = texts.lobby[kind];
  const select = h('select', { class: 'field', name: kind });
  select.addEventListener('change', () => actions.selectDevice(kind, select.value));
  let drawn = '';
  return {
    element: h('label', { class: 'labelled' }, h('span', {}, title), select),
    update(state) {
      const { available, deviceId } = state[kind];
      const choices = JSON.stringify(available.map((device) => [device.deviceId, device.label]));
      if (choices !== drawn) {
        drawn = choices;
        select.replaceChildren(
          ...(available.length === 0
            ? [h('option', {}, texts.lobby.noDevice)]
            : available.map((device, index) =>
                h(
                  'option',
                  { value: device.deviceId },
                  device.label || texts.lobby.unnamedDevice(title, index + 1),
                ),
              )),
        );
      }
      select.disabled = available.length === 0;
      const isListed = available.some((device) => device.deviceId === deviceId);
      if (deviceId !== null && isListed && select.value !== deviceId) select.value = deviceId;
    },
  };
}
