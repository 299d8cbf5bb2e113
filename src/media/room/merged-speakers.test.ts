import { expect, test } from 'bun:test';
import { Emitter } from '../../lib/index.ts';
import { MergedSpeakers } from './merged-speakers.ts';
import type { SpeakersEvents } from './speakers.ts';

function part() {
  const emitter = new Emitter<SpeakersEvents>();
  const speakers = {
    events: emitter,
    current: null as string | null,
    hear(userId: string | null) {
      speakers.current = userId;
      emitter.emit('changed', userId);
    },
  };
  return speakers;
}

test('who began last speaks; when they fall silent, another one who still does', () => {
  const merged = new MergedSpeakers();
  const told: (string | null)[] = [];
  merged.events.on('changed', (userId) => told.push(userId));
  const [a, b] = [part(), part()];
  merged.add(a);
  merged.add(b);
  a.hear('ann');
  b.hear('bob');
  b.hear(null);
  b.hear('bob');
  a.hear('eve');
  a.hear(null);
  b.hear(null);
  expect(told).toEqual(['ann', 'bob', 'ann', 'bob', 'eve', 'bob', null]);
});

test('one that is taken away speaks no more, and is not listened to', () => {
  const merged = new MergedSpeakers();
  const a = part();
  merged.add(a);
  a.hear('ann');
  merged.remove(a);
  merged.remove(a);
  expect(merged.current).toBeNull();
  a.hear('eve');
  expect(merged.current).toBeNull();
});
