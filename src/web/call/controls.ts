/** The bar of buttons under a call. */
import type { Actions } from '../actions.ts';
import { h, setText, type View } from '../dom.ts';
import type { AppState } from '../state.ts';
import { texts } from '../texts.ts';
import { control } from './control.ts';
import { createRecordButton } from './record-button.ts';
import { KEYS } from './shortcuts.ts';

export function createControls(actions: Actions): View<AppState> {
  const { controls: t } = texts;
  const microphone = control('microphone', () => actions.toggleDevice('microphone'), KEYS.microphone);
  const camera = control('camera', () => actions.toggleDevice('camera'), KEYS.camera);
  const screen = control('screen', () => actions.toggleScreen(), KEYS.screen);
  const hand = control('hand', () => actions.toggleHand(), KEYS.hand);
  const react = control('react', () => actions.toggleReactionPicker());
  const record = createRecordButton(actions);
  const people = control('people', () => actions.togglePanel('people'), KEYS.people);
  const chat = control('chat', () => actions.togglePanel('chat'), KEYS.chat);
  const leave = control('leave', () => actions.leave());
  const unread = badgeOn(chat.element);
  const waitingBadge = badgeOn(people.element);
  const canShare = 'getDisplayMedia' in (navigator.mediaDevices ?? {});

  return {
    element: h(
      'nav',
      { class: 'controls', 'aria-label': t.label },
      h('div', { class: 'controls-group' }, microphone.element, camera.element, screen.element),
      h('div', { class: 'controls-group' }, hand.element, react.element, record.element),
      h('div', { class: 'controls-group' }, people.element, chat.element),
      leave.element,
    ),
    update(state) {
      const isMuted = !state.microphone.isOn || !state.microphone.track;
      const isCameraOff = !state.camera.isOn || !state.camera.track;
      const { isSharingScreen, unreadCount, rights, panel, waiting, handRaisedAt } = state;
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
      hand.update({
        label: handRaisedAt ? t.lowerHand : t.raiseHand,
        icon: 'hand',
        look: handRaisedAt ? 'active' : 'plain',
        isPressed: handRaisedAt !== null,
      });
      react.element.hidden = !rights.data;
      react.update({
        label: t.react,
        icon: 'reaction',
        look: state.isReactionPickerOpen ? 'active' : 'plain',
        isPressed: state.isReactionPickerOpen,
      });
      record.update(state);
      people.update({
        label: waiting.length > 0 ? t.peopleWaiting(waiting.length) : t.people,
        icon: 'people',
        look: panel === 'people' ? 'active' : 'plain',
        isPressed: panel === 'people',
      });
      chat.update({
        label: unreadCount > 0 ? t.chatUnread(unreadCount) : t.chat,
        icon: 'chat',
        look: panel === 'chat' ? 'active' : 'plain',
        isPressed: panel === 'chat',
      });
      leave.update({ label: t.leave, icon: 'leave', look: 'danger' });
      unread(unreadCount);
      waitingBadge(waiting.length);
    },
    dispose: () => record.dispose?.(),
  };
}

/** The returned function sets the number on a control; the label has to say it too. */
function badgeOn(element: HTMLElement): (count: number) => void {
  const badge = h('span', { class: 'control-badge', 'aria-hidden': 'true' });
  element.append(badge);
  return (count) => {
    badge.hidden = count === 0;
    setText(badge, count > 99 ? '99+' : String(count));
  };
}
