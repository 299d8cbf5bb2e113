import { expect, test } from 'bun:test';
import type { TimelineEntry } from '../capture/index.ts';
import { placeSegments } from './placement.ts';

const WALL_MS = Date.UTC(2026, 0, 1);

function segment(name: string, at: { openedMs: number; wallMs: number; rtp: number }): TimelineEntry[] {
  const { openedMs, wallMs, rtp } = at;
  return [
    {
      type: 'segment-opened',
      atMs: openedMs,
      segment: name,
      trackId: 't',
      mimeType: 'video/VP8',
      clockRate: 90_000,
    },
    { type: 'segment-began', atMs: openedMs + 40, segment: name, rtpTimestamp: rtp },
    ...Array.from(
      { length: 40 },
      (_, index): TimelineEntry => ({
        type: 'sender-report',
        atMs: openedMs + index * 500,
        segment: name,
        wallMs: wallMs + index * 500,
        rtpTimestamp: (rtp + index * 45_000) >>> 0,
      }),
    ),
  ];
}

const anchor = (wallMs: number): TimelineEntry => ({
  type: 'anchor',
  atMs: 0,
  wallMs,
  recordingId: 'r',
  callId: 'c',
  roomId: 'room',
});

test('segments are placed by their reports, over the wrap of RTP time', () => {
  const placed = placeSegments([
    anchor(WALL_MS),
    ...segment('a.mkv', { openedMs: 100, wallMs: WALL_MS + 120, rtp: 0xffff_ff00 }),
  ]);
  expect(placed.map(({ segment: name, startMs }) => [name, Math.round(startMs - WALL_MS)])).toEqual([
    ['a.mkv', 120],
  ]);
  expect(Math.round(placed[0]!.clock(19) - WALL_MS)).toBe(19_120);
});

test('a restart of the server goes on after what was before, even when the clock was set back meanwhile', () => {
  const placed = placeSegments([
    anchor(WALL_MS),
    ...segment('a.mkv', { openedMs: 100, wallMs: WALL_MS + 120, rtp: 0xffff_ff00 }),
    // The clock of the server was set back before it started again.
    anchor(WALL_MS - 3_600_000),
    ...segment('b.mkv', { openedMs: 50, wallMs: WALL_MS - 3_600_000 + 120, rtp: 5 }),
  ]);
  expect(placed.map(({ segment: name }) => name)).toEqual(['a.mkv', 'b.mkv']);
  // The last line of the first run is at 19.6 s.
  expect(placed.map(({ startMs }) => Math.round(startMs - WALL_MS))).toEqual([120, 19_600 + 120]);
});

test('one without reports is placed by its first packet, one of which not even that was written by its opening', () => {
  const [opened, began] = segment('a.mkv', { openedMs: 100, wallMs: 0, rtp: 7 });
  const [alone] = segment('b.mkv', { openedMs: 200, wallMs: 0, rtp: 7 });
  const placed = placeSegments([anchor(WALL_MS), opened!, began!, alone!]);
  expect(placed.map(({ segment: name, startMs }) => [name, startMs])).toEqual([
    ['a.mkv', WALL_MS + 140],
    ['b.mkv', WALL_MS + 200],
  ]);
});
