import { expect, test } from 'bun:test';
import type { TimelineEntry } from '../capture/index.ts';
import { toWallTime } from './wall-time.ts';

const WALL_MS = Date.UTC(2026, 0, 1);

const anchor = (wallMs: number): TimelineEntry => ({
  type: 'anchor',
  atMs: 0,
  wallMs,
  recordingId: 'r',
  callId: 'c',
  roomId: 'room',
});
const beat = (atMs: number): TimelineEntry => ({ type: 'heartbeat', atMs });

/** Milliseconds after the first anchor. */
function moments(entries: readonly TimelineEntry[]): number[] {
  return toWallTime(entries).map(({ wallMs }) => wallMs - WALL_MS);
}

test('runs follow each other as the wall says, unless its clock was set back or far ahead', () => {
  const first = [anchor(WALL_MS), beat(1_000)];
  expect(moments([...first, anchor(WALL_MS + 5_000), beat(10)])).toEqual([0, 1_000, 5_000, 5_010]);
  expect(moments([...first, anchor(WALL_MS - 9_000), beat(10)])).toEqual([0, 1_000, 1_000, 1_010]);
  const hour = 3_600_000;
  expect(moments([...first, anchor(WALL_MS + 1e12), beat(10)])).toEqual([
    0,
    1_000,
    1_000 + hour,
    1_010 + hour,
  ]);
});

test('what was before any anchor has no time', () => {
  expect(moments([beat(7), anchor(WALL_MS), beat(1)])).toEqual([0, 1]);
});

test('reports move with the run that they are of', () => {
  const report: TimelineEntry = {
    type: 'sender-report',
    atMs: 20,
    segment: 'a.mkv',
    wallMs: WALL_MS - 9_000 + 15,
    rtpTimestamp: 1,
  };
  const moved = toWallTime([anchor(WALL_MS), beat(1_000), anchor(WALL_MS - 9_000), report]).at(-1)!;
  expect(moved.entry).toMatchObject({ wallMs: WALL_MS + 1_015 });
});
