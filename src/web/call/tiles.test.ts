import { describe, expect, test } from 'bun:test';
import { type AppState, initialState, type TrackView } from '../state.ts';
import { choose, stageOf, tilesOf } from './tiles.ts';

function track(trackId: string, source: TrackView['source'], patch: Partial<TrackView> = {}): TrackView {
  return { trackId, source, mediaTrack: null, isPaused: false, score: null, spatialLayer: null, ...patch };
}

function stateWith(participants: AppState['participants'], patch: Partial<AppState> = {}): AppState {
  return { ...initialState('room', 'Me'), userId: 'me', participants, ...patch };
}

const present = { isConnected: true, handRaisedAt: null };
const ann = {
  ...present,
  userId: 'ann',
  name: 'Ann',
  tracks: [track('a1', 'microphone'), track('a2', 'screen')],
};
const bob = {
  ...present,
  userId: 'bob',
  name: 'Bob',
  tracks: [track('b1', 'microphone', { isPaused: true, score: 2 })],
};

describe('the tiles', () => {
  test('are everyone else, each followed by their screen, and ourselves at the end', () => {
    expect(tilesOf(stateWith([ann, bob])).map(({ id }) => id)).toEqual([
      'ann/camera',
      'ann/screen',
      'bob/camera',
      'self/camera',
    ]);
  });

  test('whoever has no microphone, or has paused it, is muted, and does not speak', () => {
    const tiles = tilesOf(stateWith([ann, bob], { activeSpeaker: 'bob' }));
    expect(tiles.map(({ isMuted }) => isMuted)).toEqual([false, false, true, true]);
    expect(tiles.some(({ isSpeaking }) => isSpeaking)).toBe(false);
  });

  test('tell the worst quality of what flows, and none while nothing is known', () => {
    const scored = (scores: number[]) => ({
      ...ann,
      tracks: scores.map((score, index) => track(`t${index}`, 'camera', { score })),
    });
    const qualities = [[10, 9], [10, 5], [3, 10], []].map(
      (scores) => tilesOf(stateWith([scored(scores)]))[0]!.quality,
    );
    expect(qualities).toEqual(['good', 'fair', 'poor', null]);
    expect(tilesOf(stateWith([bob]))[0]!.quality).toBeNull();
  });
});

describe('the stage', () => {
  test('belongs to who was put there, else to the newest screen, else to nobody', () => {
    const tiles = tilesOf(stateWith([ann, bob]));
    expect(stageOf(tiles, 'bob/camera')?.id).toBe('bob/camera');
    expect(stageOf(tiles, 'gone/camera')?.id).toBe('ann/screen');
    expect(stageOf(tilesOf(stateWith([bob])), null)).toBeUndefined();
  });
});

test('when there is no room for all, who speaks and we ourselves stay, in the order of before', () => {
  const crowd = Array.from({ length: 9 }, (_, index) => ({
    ...present,
    userId: `p${index}`,
    name: `P${index}`,
    tracks: [track(`t${index}`, 'microphone')],
  }));
  const tiles = tilesOf(stateWith(crowd, { activeSpeaker: 'p7' }));
  expect(choose(tiles, 4).map(({ id }) => id)).toEqual([
    'p0/camera',
    'p1/camera',
    'p7/camera',
    'self/camera',
  ]);
  expect(choose(tiles, 20)).toHaveLength(10);
});
