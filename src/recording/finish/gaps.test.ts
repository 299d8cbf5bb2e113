import { expect, test } from 'bun:test';
import { findGaps } from './gaps.ts';
import type { Story, StoryTrack } from './story.ts';

function track(parts: Partial<StoryTrack>): StoryTrack {
  const nothing = { published: [{ fromMs: 0, toMs: 60_000 }], paused: [], segments: [] };
  return { trackId: 't', userId: 'ann', kind: 'video', source: 'camera', ...nothing, ...parts };
}

function segment(fromMs: number, toMs: number, endReason?: string) {
  return { name: 'x', clock: [], flows: [{ fromMs, toMs }], stretches: [], endReason };
}

const story = (parts: Partial<Story> = {}): Story => ({
  startedAtMs: 0,
  durationMs: 60_000,
  participants: [],
  tracks: [],
  speakers: [],
  downtimes: [],
  ...parts,
});

test('what is published and not recorded is a gap with a reason; a pause is none, and a blink is none', () => {
  const gaps = findGaps(
    track({
      paused: [{ fromMs: 20_000, toMs: 30_000 }],
      segments: [
        segment(500, 10_000, 'reader-died'),
        segment(11_000, 20_000, 'stopped'),
        segment(30_100, 60_000),
      ],
    }),
    story(),
  );
  expect(gaps).toEqual([
    { fromMs: 0, toMs: 500, reason: 'starting' },
    { fromMs: 10_000, toMs: 11_000, reason: 'reader-died' },
  ]);
});

test('while no server was there, that is the reason, for the tracks that were there before and after', () => {
  const downtimes = [{ fromMs: 10_000, toMs: 15_000 }];
  const before = { fromMs: 0, toMs: 10_000 };
  const lasting = track({
    published: [before, { fromMs: 15_000, toMs: 60_000 }],
    segments: [segment(0, 10_000), segment(15_100, 60_000, 'stopped')],
  });
  expect(findGaps(lasting, story({ downtimes }))).toEqual([{ ...downtimes[0]!, reason: 'server-down' }]);
  const gone = track({ published: [before], segments: [segment(0, 10_000)] });
  expect(findGaps(gone, story({ downtimes }))).toEqual([]);
});

test('a stream that stood still within its segment is a gap too', () => {
  const still = {
    ...segment(0, 10_000, 'stopped'),
    flows: [
      { fromMs: 0, toMs: 10_000 },
      { fromMs: 20_000, toMs: 60_000 },
    ],
  };
  expect(findGaps(track({ segments: [still] }), story())).toEqual([
    { fromMs: 10_000, toMs: 20_000, reason: 'no-media' },
  ]);
});
