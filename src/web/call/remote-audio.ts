/** The sound of everyone else: one audio element for each track, independent of which tiles are shown. */
import type { Actions } from '../actions.ts';
import { h, setTracks, type View } from '../dom.ts';
import type { AppState } from '../state.ts';

export function createRemoteAudio(actions: Actions): View<AppState> {
  const players = new Map<string, HTMLAudioElement>();
  const element = h('div', { class: 'remote-audio', hidden: true });

  const play = (player: HTMLAudioElement) => {
    player.play().catch((error: unknown) => {
      // Anything else is an element that got another track meanwhile.
      if (error instanceof DOMException && error.name === 'NotAllowedError') actions.setSoundBlocked(true);
    });
  };
  const unblock = () => {
    actions.setSoundBlocked(false);
    for (const player of players.values()) if (player.paused && player.srcObject) play(player);
  };
  document.addEventListener('click', unblock);
  document.addEventListener('keydown', unblock);

  return {
    element,
    update({ participants }) {
      const present = new Set<string>();
      for (const { userId, tracks } of participants) {
        for (const { trackId, source, mediaTrack } of tracks) {
          if ((source !== 'microphone' && source !== 'screen-audio') || !mediaTrack) continue;
          present.add(trackId);
          const player = players.get(trackId) ?? add(trackId, userId, source);
          setTracks(player, [mediaTrack]);
          if (player.paused) play(player);
        }
      }
      for (const trackId of [...players.keys()]) if (!present.has(trackId)) remove(trackId);
    },
    dispose() {
      document.removeEventListener('click', unblock);
      document.removeEventListener('keydown', unblock);
      for (const trackId of [...players.keys()]) remove(trackId);
    },
  };

  function add(trackId: string, userId: string, source: string): HTMLAudioElement {
    const player = h('audio', { 'data-user-id': userId, 'data-source': source });
    players.set(trackId, player);
    element.append(player);
    return player;
  }

  function remove(trackId: string): void {
    const player = players.get(trackId);
    players.delete(trackId);
    if (player) player.srcObject = null;
    player?.remove();
  }
}
