import { expect, test } from 'bun:test';
import { leastLoaded } from './placement.ts';

test('a room goes to the worker with the fewest routers, and to the first of equals', () => {
  const [a, b, c] = [{ routerCount: 2 }, { routerCount: 1 }, { routerCount: 1 }];
  expect(leastLoaded([a!, b!, c!])).toBe(b!);
  expect(leastLoaded([])).toBeUndefined();
});
