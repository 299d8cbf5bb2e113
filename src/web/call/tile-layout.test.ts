import { describe, expect, test } from 'bun:test';
import { gridCapacity, layoutGrid, layoutStage, type Rect } from './tile-layout.ts';

const WIDE = { width: 1280, height: 640, gap: 12 };
const UPRIGHT = { width: 390, height: 640, gap: 8 };

function overlaps(a: Rect, b: Rect): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

function expectTidy(rects: readonly Rect[], { width, height }: { width: number; height: number }): void {
  for (const [index, rect] of rects.entries()) {
    expect(rect.x).toBeGreaterThanOrEqual(-0.01);
    expect(rect.y).toBeGreaterThanOrEqual(-0.01);
    expect(rect.x + rect.width).toBeLessThanOrEqual(width + 0.01);
    expect(rect.y + rect.height).toBeLessThanOrEqual(height + 0.01);
    for (const other of rects.slice(index + 1)) expect(overlaps(rect, other)).toBe(false);
  }
}

describe('the grid', () => {
  test('keeps every number of tiles inside, apart and of a pleasant shape', () => {
    for (const space of [WIDE, UPRIGHT]) {
      for (let count = 1; count <= 25; count += 1) {
        const rects = layoutGrid(count, space);
        expect(rects).toHaveLength(count);
        expectTidy(rects, space);
        for (const { width, height } of rects) {
          expect(width / height).toBeLessThanOrEqual(16 / 9 + 0.01);
          expect(width / height).toBeGreaterThanOrEqual(3 / 4 - 0.01);
        }
      }
    }
  });

  test('puts two side by side when it is wide, and one above the other when it is upright', () => {
    const [left, right] = layoutGrid(2, WIDE);
    expect(left!.y).toBe(right!.y);
    const [above, below] = layoutGrid(2, UPRIGHT);
    expect(above!.x).toBe(below!.x);
  });

  test('centres a last row that is not full', () => {
    const rects = layoutGrid(3, { width: 1000, height: 1000, gap: 10 });
    const last = rects[2]!;
    expect(last.x + last.width / 2).toBeCloseTo(500);
  });

  test('shows fewer tiles rather than tiny ones', () => {
    expect(gridCapacity(16, WIDE)).toBe(16);
    expect(gridCapacity(60, WIDE)).toBe(25);
    expect(gridCapacity(16, { width: 320, height: 320, gap: 8 })).toBeLessThan(8);
    expect(gridCapacity(3, { width: 50, height: 50, gap: 8 })).toBe(1);
  });
});

describe('the stage', () => {
  test('has the strip beside it when wide, below it when upright, and everything inside', () => {
    const wide = layoutStage(3, WIDE);
    expect(wide.strip[0]!.x).toBeGreaterThan(wide.stage.width);
    expectTidy([wide.stage, ...wide.strip], WIDE);
    const upright = layoutStage(2, UPRIGHT);
    expect(upright.strip[0]!.y).toBeGreaterThan(upright.stage.height);
    expectTidy([upright.stage, ...upright.strip], UPRIGHT);
  });

  test('takes everything when nobody else is shown', () => {
    expect(layoutStage(0, WIDE).stage).toEqual({ x: 0, y: 0, width: 1280, height: 640 });
  });

  test('shows as many others as there is room for', () => {
    expect(layoutStage(40, WIDE).strip.length).toBeLessThan(6);
  });
});
