import { expect, test } from 'bun:test';
import { TalkTime } from './talk-time.ts';

test('everyone who is heard speaks, also when others do, and with two microphones once', () => {
  const talk = new TalkTime();
  talk.heard(['alice'], 300);
  talk.heard(['bob', 'alice', 'bob'], 300);
  expect(['alice', 'bob', 'carol'].map((userId) => talk.read(userId))).toEqual([600, 300, 0]);
});

test('one who left and came back starts again', () => {
  const talk = new TalkTime();
  talk.heard(['alice'], 300);
  talk.forget('alice');
  expect(talk.read('alice')).toBe(0);
});
