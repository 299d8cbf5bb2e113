import { expect, test } from 'bun:test';
import { leastLoaded, place } from './placement.ts';

const load = (consumerCount: number, routerCount = 1) => ({ consumerCount, routerCount });

test('a room goes to the worker that sends the fewest streams, then to the one with the fewest routers, then the first', () => {
  const [busy, idle, sameAsIdle, withRooms] = [load(9, 0), load(2, 1), load(2, 1), load(2, 3)];
  expect(leastLoaded([busy, withRooms, idle, sameAsIdle])).toBe(idle);
  expect(leastLoaded([])).toBeUndefined();
});

test('a newcomer stays with its room until that is full, and goes where less is to do then', () => {
  const [home, other] = [load(10), load(4)];
  expect(place([home], [home, other], 11)).toEqual({ worker: home, isKnown: true });
  expect(place([home], [home, other], 10)).toEqual({ worker: other, isKnown: false });
  expect(place([home], [home, load(12)], 10)).toEqual({ worker: home, isKnown: true });
  expect(place([home, other], [home, other], 3)).toEqual({ worker: other, isKnown: true });
});

test('a room without a home gets one, unless no worker lives', () => {
  const other = load(99);
  expect(place([], [other], 1)).toEqual({ worker: other, isKnown: false });
  expect(place([], [], 1)).toBeUndefined();
});
