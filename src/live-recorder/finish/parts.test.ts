import { expect, test } from 'bun:test';
import { divideIntoParts } from './parts.ts';

type Line = Parameters<typeof divideIntoParts>[0][number];

const segment = (file: string, more: Partial<Extract<Line, { type: 'segment' }>> = {}): Line => ({
  type: 'segment',
  file,
  epoch: 0,
  isDiscontinuous: false,
  container: 'ts',
  ...more,
});
const hole = (isDiscontinuous: boolean): Line => ({ type: 'hole', epoch: 0, isDiscontinuous });
const filesOf = (lines: readonly Line[]) => divideIntoParts(lines).map(({ files }) => files);

test('what goes on by one clock is one part, holes and all', () => {
  expect(filesOf([])).toEqual([]);
  expect(filesOf([segment('1'), hole(false), segment('2')])).toEqual([['1', '2']]);
});

test('a discontinuity, another initialisation, another format and another count begin another part', () => {
  expect(filesOf([segment('1'), segment('2', { isDiscontinuous: true }), segment('3')])).toEqual([
    ['1'],
    ['2', '3'],
  ]);
  expect(filesOf([segment('1'), segment('2', { epoch: 1 })])).toEqual([['1'], ['2']]);
  expect(
    filesOf([
      segment('1'),
      segment('2', { container: 'mp4', map: 'a' }),
      segment('3', { container: 'mp4', map: 'b' }),
    ]),
  ).toEqual([['1'], ['2'], ['3']]);
});

test('a discontinuity of a segment that is missing is one of the next', () => {
  expect(filesOf([segment('1'), hole(true), hole(false), segment('2')])).toEqual([['1'], ['2']]);
});
