import { expect, test } from 'bun:test';
import { arrangeGrid, arrangeStage, type Box } from './arrange.ts';

const CANVAS = { width: 1_280, height: 720 };
const ODD = { width: 854, height: 480 };

function overlap(a: Box, b: Box): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

test('however many there are, every tile is even, within the canvas, and over no other', () => {
  for (const canvas of [CANVAS, ODD, { width: 720, height: 1_280 }]) {
    for (const arrange of [arrangeGrid, arrangeStage]) {
      for (let count = 1; count <= 25; count += 1) {
        const boxes = arrange(count, canvas);
        expect(boxes).toHaveLength(count);
        for (const [index, box] of boxes.entries()) {
          expect([box.x, box.y, box.width, box.height].every((value) => value >= 0 && value % 2 === 0)).toBe(
            true,
          );
          expect(box.x + box.width).toBeLessThanOrEqual(canvas.width);
          expect(box.y + box.height).toBeLessThanOrEqual(canvas.height);
          expect(Math.abs(box.width / box.height - canvas.width / canvas.height)).toBeLessThan(0.1);
          for (const other of boxes.slice(index + 1)) expect(overlap(box, other)).toBe(false);
        }
      }
    }
  }
});

test('one fills the canvas, two are side by side, of three the last is in the middle, four are a square', () => {
  expect(arrangeGrid(1, CANVAS)).toEqual([{ x: 0, y: 0, ...CANVAS }]);
  expect(arrangeGrid(2, CANVAS).map(({ x, y }) => [x, y])).toEqual([
    [0, 180],
    [640, 180],
  ]);
  expect(arrangeGrid(3, CANVAS).map(({ x, y }) => [x, y])).toEqual([
    [0, 0],
    [640, 0],
    [320, 360],
  ]);
  expect(arrangeGrid(4, CANVAS).map(({ x, y, width }) => [x, y, width])).toEqual([
    [0, 0, 640],
    [640, 0, 640],
    [0, 360, 640],
    [640, 360, 640],
  ]);
  expect(arrangeGrid(0, CANVAS)).toEqual([]);
});

test('a stage takes three quarters, and the strip beside it holds everybody else', () => {
  const [stage, ...strip] = arrangeStage(5, CANVAS);
  expect(stage).toEqual({ x: 0, y: 90, width: 960, height: 540 });
  expect(strip.map(({ x, y, width }) => [x, y, width])).toEqual([
    [960, 0, 320],
    [960, 180, 320],
    [960, 360, 320],
    [960, 540, 320],
  ]);
});
