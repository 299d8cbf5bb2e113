import { expect, test } from 'bun:test';
import type { Span } from '../spans.ts';
import type { Story, StoryTrack } from '../story.ts';
import { type LayoutOptions, layOut } from './scenes.ts';

const OPTIONS: LayoutOptions = { layout: 'grid', width: 1_280, height: 720, framerate: 10 };
const WHOLE: Span[] = [{ fromMs: 0, toMs: 20_000 }];

const person = (userId: string, present = WHOLE) => ({ userId, name: userId.toUpperCase(), present });

/** Its segments are named `<user>-<source>-<index>`. */
function track(userId: string, source: string, flows: readonly Span[]): StoryTrack {
  const segments = flows.map((flow, index) => ({
    name: `${userId}-${source}-${index}`,
    clock: [],
    flows: [flow],
    stretches: [],
    endReason: 'stopped',
  }));
  const trackId = `${userId}-${source}`;
  return { trackId, userId, kind: 'video', source, published: WHOLE, paused: [], segments };
}

function story(parts: Partial<Story>): Story {
  const nothing = { participants: [], tracks: [], speakers: [], downtimes: [] };
  return { startedAtMs: 0, durationMs: 20_000, ...nothing, ...parts };
}

/** Seconds, and who is shown in which order: a segment, or the name of a card. */
function scenes(of: Story, options = OPTIONS): [number, number, string][] {
  return layOut(of, options).map(({ fromFrame, toFrame, tiles }) => [
    fromFrame / 10,
    toFrame / 10,
    tiles.map(({ segment, name }) => segment ?? name).join(' '),
  ]);
}

test('people come and go, cameras go off and on, and the scenes follow without a gap', () => {
  const told = story({
    participants: [person('ann'), person('bob', [{ fromMs: 4_000, toMs: 12_000 }])],
    tracks: [
      track('ann', 'camera', [
        { fromMs: 1_000, toMs: 6_000 },
        { fromMs: 9_000, toMs: 20_000 },
      ]),
      track('bob', 'camera', [{ fromMs: 5_000, toMs: 12_000 }]),
    ],
  });
  expect(scenes(told)).toEqual([
    [0, 1, 'ANN'],
    [1, 4, 'ann-camera-0'],
    [4, 5, 'ann-camera-0 BOB'],
    [5, 6, 'ann-camera-0 bob-camera-0'],
    [6, 9, 'ANN bob-camera-0'],
    [9, 12, 'ann-camera-1 bob-camera-0'],
    [12, 20, 'ann-camera-1'],
  ]);
});

test('a gap of a moment keeps the last picture, and what would flicker is shown with what was before', () => {
  const told = story({
    participants: [person('ann'), person('bob', [{ fromMs: 10_000, toMs: 10_200 }])],
    tracks: [
      track('ann', 'camera', [
        { fromMs: 0, toMs: 5_000 },
        { fromMs: 5_700, toMs: 20_000 },
      ]),
    ],
  });
  expect(scenes(told)).toEqual([
    [0, 5.7, 'ann-camera-0'],
    [5.7, 20, 'ann-camera-1'],
  ]);
});

test('a shared screen takes the stage in front of those who are there, and alone where it comes first', () => {
  const told = story({
    participants: [person('ann'), person('bob')],
    tracks: [
      track('ann', 'camera', [{ fromMs: 0, toMs: 20_000 }]),
      track('bob', 'screen', [{ fromMs: 5_000, toMs: 10_000 }]),
    ],
  });
  expect(scenes(told)).toEqual([
    [0, 5, 'ann-camera-0 BOB'],
    [5, 10, 'bob-screen-0 ann-camera-0 BOB'],
    [10, 20, 'ann-camera-0 BOB'],
  ]);
  expect(scenes(told, { ...OPTIONS, layout: 'screen-first' })[1]).toEqual([5, 10, 'bob-screen-0']);
  const [, shared] = layOut(told, OPTIONS);
  expect(shared?.tiles[0]?.box).toEqual({ x: 0, y: 90, width: 960, height: 540 });
});

test('with a speaker on the stage the others keep their order; who leaves the call leaves the stage', () => {
  const told = story({
    participants: [person('ann'), person('bob', [{ fromMs: 0, toMs: 15_000 }]), person('cat')],
    speakers: [
      { atMs: 0, userId: 'cat' },
      { atMs: 5_000, userId: 'bob' },
    ],
  });
  expect(scenes(told, { ...OPTIONS, layout: 'speaker' })).toEqual([
    [0, 6.5, 'CAT ANN BOB'],
    [6.5, 15, 'BOB ANN CAT'],
    [15, 20, 'ANN CAT'],
  ]);
});

test('of more than can be recognised, those with a camera are shown', () => {
  const people = Array.from({ length: 40 }, (_, index) => person(`p${index}`));
  const told = story({ participants: people, tracks: [track('p39', 'camera', WHOLE)] });
  const [scene] = layOut(told, OPTIONS);
  expect(scene?.tiles).toHaveLength(25);
  expect(scene?.tiles.at(-1)).toMatchObject({ segment: 'p39-camera-0', name: 'P39' });
});

test('a picture of somebody of whom nobody told is shown all the same; nobody at all is an empty picture', () => {
  const told = story({ tracks: [track('eve', 'camera', [{ fromMs: 5_000, toMs: 10_000 }])] });
  expect(scenes(told)).toEqual([
    [0, 5, ''],
    [5, 10, 'eve-camera-0'],
    [10, 20, ''],
  ]);
});
