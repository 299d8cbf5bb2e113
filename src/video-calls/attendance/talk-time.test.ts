import { expect, test } from 'bun:test';
import { TalkTime } from './talk-time.ts';

test('each user has spoken for as long as they were the speaker, pauses between left out', () => {
  const talk = new TalkTime();
  talk.speakerChanged('alice', 1_000);
  talk.speakerChanged('bob', 4_000);
  talk.speakerChanged(null, 5_000);
  talk.speakerChanged('alice', 9_000);
  expect(talk.read('alice', 10_000)).toBe(4_000);
  expect(talk.read('alice', 10_500)).toBe(4_500);
  expect(talk.read('bob', 10_500)).toBe(1_000);
  expect(talk.read('carol', 10_500)).toBe(0);
});

test('one who left and came back starts again', () => {
  const talk = new TalkTime();
  talk.speakerChanged('alice', 0);
  talk.forget('alice', 2_000);
  expect(talk.read('alice', 9_000)).toBe(0);
});
