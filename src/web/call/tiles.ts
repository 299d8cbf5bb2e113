/** Which tiles a call has, what each of them says, and which one is on the stage. */
import type { AppState, ParticipantView, TrackView } from '../state.ts';
import { peopleOf } from './people.ts';

export type Quality = 'good' | 'fair' | 'poor';

export interface TileView {
  readonly id: string;
  readonly userId: string;
  readonly source: 'camera' | 'screen';
  readonly name: string;
  readonly isSelf: boolean;
  /** Null: there is nothing to see, the initials are shown. */
  readonly video: MediaStreamTrack | null;
  /** By which we ask for more or less of it; null for our own. */
  readonly trackId: string | null;
  readonly isMuted: boolean;
  readonly isSpeaking: boolean;
  readonly quality: Quality | null;
  /** Whether their connection is lost and may come back. */
  readonly isAway: boolean;
  /** 1 for whoever raised their hand first; null while it is down. */
  readonly handPlace: number | null;
}

/** Everyone else in the order in which they came, each followed by their screen; we ourselves are the last. */
export function tilesOf(state: AppState): TileView[] {
  const places = new Map(peopleOf(state).map(({ userId, handPlace }) => [userId, handPlace]));
  const tiles = [...state.participants.flatMap((one) => tilesOfRemote(one, state)), ownTile(state)];
  return tiles.map((tile) => ({
    ...tile,
    handPlace: tile.source === 'camera' ? (places.get(tile.userId) ?? null) : null,
  }));
}

/** What somebody put there, else the newest screen that is shared, else nothing. */
export function stageOf(tiles: readonly TileView[], pinnedTile: string | null): TileView | undefined {
  return tiles.find(({ id }) => id === pinnedTile) ?? tiles.findLast(({ source }) => source === 'screen');
}

/** When there is no room for all: who speaks, who raised a hand and we ourselves, then the first ones; in the order that they had. */
export function choose(tiles: readonly TileView[], capacity: number): TileView[] {
  if (tiles.length <= capacity) return [...tiles];
  const byWeight = [...tiles].sort((a, b) => weight(b) - weight(a));
  const chosen = new Set(byWeight.slice(0, capacity));
  return tiles.filter((tile) => chosen.has(tile));
}

function tilesOfRemote(participant: ParticipantView, { activeSpeaker }: AppState): TileView[] {
  const { userId, name, tracks } = participant;
  const camera = tracks.findLast(({ source }) => source === 'camera');
  const screen = tracks.findLast(({ source }) => source === 'screen');
  const microphone = tracks.findLast(({ source }) => source === 'microphone');
  const isMuted = !microphone || microphone.isPaused;
  const quality = qualityOf(tracks);
  const person: TileView = {
    id: `${userId}/camera`,
    userId,
    source: 'camera',
    name,
    isSelf: false,
    video: camera && !camera.isPaused ? camera.mediaTrack : null,
    trackId: camera?.trackId ?? null,
    isMuted,
    isSpeaking: activeSpeaker === userId && !isMuted,
    quality: participant.isConnected ? quality : null,
    isAway: !participant.isConnected,
    handPlace: null,
  };
  if (!screen) return [person];
  return [
    person,
    {
      ...person,
      id: `${userId}/screen`,
      source: 'screen',
      video: screen.mediaTrack,
      trackId: screen.trackId,
      isSpeaking: false,
    },
  ];
}

function ownTile(state: AppState): TileView {
  const { userId, name, camera, microphone, activeSpeaker } = state;
  const isMuted = !microphone.isOn || !microphone.track;
  return {
    id: 'self/camera',
    userId,
    source: 'camera',
    name,
    isSelf: true,
    video: camera.isOn ? camera.track : null,
    trackId: null,
    isMuted,
    isSpeaking: activeSpeaker === userId && !isMuted,
    quality: null,
    isAway: false,
    handPlace: null,
  };
}

/** The worst of what flows; mediasoup's scores go from 0 to 10. */
function qualityOf(tracks: readonly TrackView[]): Quality | null {
  const scores = tracks.flatMap(({ score, isPaused }) => (score === null || isPaused ? [] : [score]));
  if (scores.length === 0) return null;
  const worst = Math.min(...scores);
  if (worst >= 7) return 'good';
  return worst >= 4 ? 'fair' : 'poor';
}

function weight({ isSpeaking, handPlace, isSelf, video }: TileView): number {
  return (isSpeaking ? 8 : 0) + (handPlace ? 4 : 0) + (isSelf ? 2 : 0) + (video ? 1 : 0);
}
