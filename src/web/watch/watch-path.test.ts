import { expect, test } from 'bun:test';
import { watchedOfPath } from './watch-path.ts';

test('the address names a call, and perhaps somebody in it', () => {
  expect(watchedOfPath('/watch/standup')).toEqual({ roomId: 'standup', userId: undefined });
  expect(watchedOfPath('/watch/standup/alice@example.com/')).toEqual({
    roomId: 'standup',
    userId: 'alice@example.com',
  });
});

test('other addresses are none of a player', () => {
  for (const path of ['/', '/watch', '/watch/', '/call/standup', '/watch/a b', '/watch/a/b/c']) {
    expect(watchedOfPath(path)).toBeUndefined();
  }
});
