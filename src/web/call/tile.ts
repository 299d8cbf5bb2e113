/** One tile: the picture or the initials of a person, or a screen, with the name and how they are. */
import { h, setAttribute, setText, setTracks, type View } from '../dom.ts';
import { icon } from '../icons.ts';
import { texts } from '../texts.ts';
import { createAvatar } from './avatar.ts';
import type { Rect } from './tile-layout.ts';
import type { TileView } from './tiles.ts';

export interface TileState {
  readonly tile: TileView;
  /** Undefined: there is no room for it. */
  readonly rect: Rect | undefined;
  readonly isOnStage: boolean;
  readonly isPinned: boolean;
}

export function createTile(first: TileView, onPin: () => void): View<TileState> {
  const video = h('video', { autoplay: true, playsinline: true, muted: true });
  // The attribute alone does not mute an element that a script made.
  video.muted = true;
  const initials = createAvatar('tile-initials');
  const name = h('span', { class: 'tile-name' });
  const mutedIcon = h('span', { class: 'tile-muted' }, icon('microphone-off'));
  const quality = h('span', { class: 'tile-quality', role: 'img' });
  const pin = h('button', { class: 'tile-pin', type: 'button' }, icon('pin'));
  const handPlace = h('span');
  const hand = h('div', { class: 'tile-hand', 'aria-hidden': 'true' }, icon('hand'), handPlace);
  const away = h('div', { class: 'tile-away', 'aria-hidden': 'true' }, texts.call.away);
  const label = h('div', { class: 'tile-label' }, mutedIcon, name, quality);
  const element = h(
    'article',
    {
      class: 'tile',
      'data-user-id': first.userId,
      'data-source': first.source,
      'data-self': first.isSelf,
    },
    video,
    h('div', { class: 'tile-avatar' }, initials.element),
    away,
    hand,
    label,
    pin,
  );
  pin.addEventListener('click', onPin);
  element.addEventListener('dblclick', onPin);

  return {
    element,
    update({ tile, rect, isOnStage, isPinned }) {
      const title = titleOf(tile);
      place(element, rect);
      setTracks(video, tile.video && rect ? [tile.video] : []);
      initials.update(tile);
      setText(name, title);
      setAttribute(element, 'data-user-id', tile.userId);
      setAttribute(element, 'data-camera', tile.video ? 'on' : 'off');
      setAttribute(element, 'data-muted', String(tile.isMuted));
      setAttribute(element, 'data-speaking', String(tile.isSpeaking));
      setAttribute(element, 'data-stage', String(isOnStage));
      setAttribute(element, 'aria-label', describe(tile, title));
      setAttribute(quality, 'data-quality', tile.quality ?? undefined);
      setAttribute(quality, 'aria-label', tile.quality ? texts.call.quality[tile.quality] : undefined);
      setAttribute(quality, 'title', tile.quality ? texts.call.quality[tile.quality] : undefined);
      setAttribute(element, 'data-away', String(tile.isAway));
      away.hidden = !tile.isAway;
      hand.hidden = tile.handPlace === null;
      setText(handPlace, String(tile.handPlace ?? ''));
      quality.hidden = tile.quality === null;
      mutedIcon.hidden = !tile.isMuted || tile.source === 'screen';
      const pinLabel = isPinned ? texts.call.unpin(title) : texts.call.pin(title);
      setAttribute(pin, 'aria-label', pinLabel);
      setAttribute(pin, 'title', pinLabel);
      setAttribute(pin, 'aria-pressed', String(isPinned));
    },
    dispose() {
      video.srcObject = null;
    },
  };
}

function place(element: HTMLElement, rect: Rect | undefined): void {
  element.hidden = !rect;
  if (!rect) return;
  element.style.setProperty('transform', `translate(${rect.x}px, ${rect.y}px)`);
  element.style.setProperty('width', `${rect.width}px`);
  element.style.setProperty('height', `${rect.height}px`);
}

function titleOf({ source, name, isSelf }: TileView): string {
  if (source === 'screen') return texts.call.screenOf(name);
  return isSelf ? texts.nameAndYou(name) : name;
}

function describe(tile: TileView, title: string): string {
  const { isMuted, video, source, isSpeaking, isAway, handPlace } = tile;
  const states = [
    isAway && texts.call.away,
    handPlace !== null && texts.call.handRaised,
    source === 'camera' && isMuted && texts.call.muted,
    source === 'camera' && !video && texts.call.cameraIsOff,
    isSpeaking && texts.call.speaking,
  ];
  return [title, ...states.filter((state) => state !== false)].join(', ');
}
