import { expect, test } from 'bun:test';
import { pickStage, tracksOf } from './pick.ts';

type Publishers = Parameters<typeof pickStage>[0]['publishers'];

function publisher(userId: string, ...sources: string[]): Publishers[number] {
  const tracks = sources.map((source) => ({
    trackId: `${userId}-${source}`,
    userId,
    source,
    isClosed: false,
    isLost: false,
  }));
  return { userId, publications: new Map(tracks.map((track) => [track.trackId, track])) } as never;
}

const ids = ({ audio, video }: ReturnType<typeof pickStage>) => [audio?.trackId, video?.trackId];
const alice = publisher('alice', 'microphone', 'camera');
const bob = publisher('bob', 'microphone', 'camera');
const mike = publisher('mike', 'microphone');

test('the active speaker is shown, and whoever comes first while nobody has spoken', () => {
  const publishers = [alice, bob];
  expect(ids(pickStage({ publishers, activeSpeaker: 'bob', before: {} }))).toEqual([
    'bob-microphone',
    'bob-camera',
  ]);
  expect(ids(pickStage({ publishers, activeSpeaker: null, before: {} }))).toEqual([
    'alice-microphone',
    'alice-camera',
  ]);
});

test('when nobody speaks the last one stays; a speaker without a camera is heard, and the picture stays', () => {
  const publishers = [alice, bob, mike];
  const before = tracksOf(bob);
  expect(ids(pickStage({ publishers, activeSpeaker: null, before }))).toEqual([
    'bob-microphone',
    'bob-camera',
  ]);
  expect(ids(pickStage({ publishers, activeSpeaker: 'mike', before }))).toEqual([
    'mike-microphone',
    'bob-camera',
  ]);
});

test('who has left is shown no more, whatever was shown before', () => {
  expect(ids(pickStage({ publishers: [alice], activeSpeaker: 'bob', before: tracksOf(bob) }))).toEqual([
    'alice-microphone',
    'alice-camera',
  ]);
  expect(ids(pickStage({ publishers: [], activeSpeaker: null, before: tracksOf(bob) }))).toEqual([
    undefined,
    undefined,
  ]);
});

test('a shared screen goes before the camera', () => {
  expect(tracksOf(publisher('sam', 'camera', 'screen')).video?.trackId).toBe('sam-screen');
});
