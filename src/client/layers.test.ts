import { expect, test } from 'bun:test';
import { layersForHeight } from './layers.ts';

test('a picture gets the lowest layer that fills it, a little enlargement tolerated', () => {
  const layer = (pixels: number) => layersForHeight(pixels).spatialLayer;
  expect([80, 180, 225].map(layer)).toEqual([0, 0, 0]);
  expect([226, 360, 450].map(layer)).toEqual([1, 1, 1]);
  expect([451, 720, 4_000].map(layer)).toEqual([2, 2, 2]);
});
