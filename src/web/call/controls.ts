/** The bar of buttons under a call. */
import type { Actions } from '../actions.ts';
import { h, setAttribute, setText, type View } from '../dom.ts';
import { type IconName, icon } from '../icons.ts';
import type { AppState } from '../state.ts';
import { texts } from '../texts.ts';
import { KEYS } from './shortcuts.ts';

interface ControlState {
  readonly label: string;
  readonly icon: IconName;
  /** `off` is a device that is not sending, `active` something that is going on. */
  readonly look: 'plain' | 'off' | 'active' | 'danger';
  readonly isPressed?: boolean;
}

export function createControls(actions: Actions): View<AppState> {
  const { controls: t } = texts;
  const microphone = control('microphone', () => actions.toggleDevice('microphone'), KEYS.microphone);
  const camera = control('camera', () => actions.toggleDevice('camera'), KEYS.camera);
  const screen = control('screen', () => actions.toggleScreen(), KEYS.screen);
  const chat = control('chat', () => actions.toggleChat(), KEYS.chat);
  const invite = control('invite', () => actions.copyInvite());
  const leave = control('leave', () => actions.leave());
  const badge = h('span', { class: 'control-badge', 'aria-hidden': 'true' });
  chat.element.append(badge);
  const canShare = 'getDisplayMedia' in (navigator.mediaDevices ?? {});

  return {
    element: h(
      'nav',
      { class: 'controls', 'aria-label': t.label },
      h('div', { class: 'controls-group' }, microphone.element, camera.element, screen.element),
      h('div', { class: 'controls-group' }, chat.element, invite.element),
      leave.element,
    ),
    update(state) {
      const isMuted = !state.microphone.isOn || !state.microphone.track;
      const isCameraOff = !state.camera.isOn || !state.camera.track;
      const { isSharingScreen, isChatOpen, unreadCount, rights } = state;
      microphone.element.hidden = !rights.publish.includes('microphone');
      camera.element.hidden = !rights.publish.includes('camera');
      screen.element.hidden = !canShare || !rights.publish.includes('screen');
      microphone.update({
        label: isMuted ? t.unmute : t.mute,
        icon: isMuted ? 'microphone-off' : 'microphone',
        look: isMuted ? 'off' : 'plain',
        isPressed: isMuted,
      });
      camera.update({
        label: isCameraOff ? t.cameraOn : t.cameraOff,
        icon: isCameraOff ? 'camera-off' : 'camera',
        look: isCameraOff ? 'off' : 'plain',
        isPressed: isCameraOff,
      });
      screen.update({
        label: isSharingScreen ? t.stopShare : t.share,
        icon: 'screen',
        look: isSharingScreen ? 'active' : 'plain',
        isPressed: isSharingScreen,
      });
      chat.update({
        label: unreadCount > 0 ? t.chatUnread(unreadCount) : t.chat,
        icon: 'chat',
        look: isChatOpen ? 'active' : 'plain',
        isPressed: isChatOpen,
      });
      invite.update({ label: t.invite, icon: 'link', look: 'plain' });
      leave.update({ label: t.leave, icon: 'leave', look: 'danger' });
      badge.hidden = unreadCount === 0;
      setText(badge, unreadCount > 99 ? '99+' : String(unreadCount));
    },
  };
}

function control(name: string, onClick: () => void, key?: string): View<ControlState> {
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
      if (shownIcon === state.icon) return;
      shownIcon = state.icon;
      button.querySelector('svg')?.remove();
      button.prepend(icon(state.icon));
    },
  };
}
