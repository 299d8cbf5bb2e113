import { expect, test } from 'bun:test';
import type { EndpointStats } from '../media/index.ts';
import { QualityWatch } from './quality-watch.ts';

function reading(up: Partial<EndpointStats['up']['tracks'][number]>): EndpointStats {
  const flow = { bitrate: 1_000, rttMs: 20, loss: 0, jitterMs: 1, score: 10 };
  const track = { trackId: 't', kind: 'video' as const, layers: null, ...flow, ...up };
  return { up: { ...flow, tracks: [track] }, down: { ...flow, tracks: [] } };
}

test('ten bad seconds are told once, and again only after it was good', () => {
  const watch = new QualityWatch();
  const bad = reading({ loss: 0.06 });
  expect(watch.note(bad, 0)).toEqual([]);
  expect(watch.note(bad, 9_999)).toEqual([]);
  expect(watch.note(bad, 10_000)).toEqual([
    { direction: 'up', reasons: ['loss'], loss: 0.06, rttMs: 20, score: 10 },
  ]);
  expect(watch.note(bad, 20_000)).toEqual([]);
  expect(watch.note(reading({}), 21_000)).toEqual([]);
  expect(watch.note(bad, 22_000)).toEqual([]);
  expect(watch.note(bad, 32_000)).toHaveLength(1);
});

test('a moment that was good in between starts the ten seconds anew', () => {
  const watch = new QualityWatch();
  const bad = reading({ rttMs: 400, score: 4 });
  watch.note(bad, 0);
  watch.note(reading({}), 5_000);
  expect(watch.note(bad, 10_000)).toEqual([]);
  expect(watch.note(bad, 20_000)[0]?.reasons).toEqual(['rtt', 'score']);
});

test('a track that does not flow says nothing about the way', () => {
  const watch = new QualityWatch();
  watch.note(reading({ bitrate: 0, score: 0 }), 0);
  expect(watch.note(reading({ bitrate: 0, score: 0 }), 60_000)).toEqual([]);
});
