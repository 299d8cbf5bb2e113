/** How we look before we join: our own picture, mirrored, with the switches of camera and microphone on it. */
import type { Actions } from '../actions.ts';
import { h, setAttribute, setText, setTracks, type View } from '../dom.ts';
import { type IconName, icon } from '../icons.ts';
import type { DeviceKind } from '../media-problem.ts';
import type { AppState } from '../state.ts';
import { texts } from '../texts.ts';
import { createLevelMeter } from './level-meter.ts';

export function createPreview(actions: Actions): View<AppState> {
  const video = h('video', {
    autoplay: true,
    playsinline: true,
    muted: true,
    'aria-label': texts.lobby.preview,
  });
  video.muted = true;
  const placeholder = h('p', { class: 'preview-placeholder' });
  const microphone = createSwitch('microphone', actions);
  const camera = createSwitch('camera', actions);
  const meter = createLevelMeter();
  const element = h(
    'div',
    { class: 'preview' },
    video,
    placeholder,
    h('div', { class: 'preview-controls' }, microphone.element, camera.element),
    meter.element,
  );
  return {
    element,
    update(state) {
      const { track, isOn } = state.camera;
      const picture = isOn ? track : null;
      setTracks(video, picture ? [picture] : []);
      video.hidden = !picture;
      placeholder.hidden = !!picture;
      setText(placeholder, placeholderOf(state));
      microphone.update(state);
      camera.update(state);
      meter.update(state.microphone.isOn ? state.microphone.track : null);
    },
    dispose() {
      video.srcObject = null;
      meter.dispose?.();
    },
  };
}

function createSwitch(kind: DeviceKind, actions: Actions): View<AppState> {
  const button = h('button', { class: 'control', type: 'button', 'data-control': kind });
  button.addEventListener('click', () => actions.toggleDevice(kind));
  const { mute, unmute, cameraOff, cameraOn } = texts.controls;
  const labels = kind === 'camera' ? { off: cameraOff, on: cameraOn } : { off: mute, on: unmute };
  let shown: IconName | undefined;
  return {
    element: button,
    update(state) {
      const isOff = !state[kind].isOn || !state[kind].track;
      const name: IconName = isOff ? `${kind}-off` : kind;
      setAttribute(button, 'aria-label', isOff ? labels.on : labels.off);
      setAttribute(button, 'title', isOff ? labels.on : labels.off);
      setAttribute(button, 'aria-pressed', String(isOff));
      setAttribute(button, 'data-look', isOff ? 'off' : 'plain');
      if (shown !== name) button.replaceChildren(icon(name));
      shown = name;
    },
  };
}

function placeholderOf({ isStartingDevices, camera }: AppState): string {
  if (isStartingDevices) return texts.lobby.starting;
  return camera.available.length === 0 ? texts.lobby.noCamera : texts.lobby.cameraOff;
}
