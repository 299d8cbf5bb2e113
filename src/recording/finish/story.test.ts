import { expect, test } from 'bun:test';
import type { TimelineEntry } from '../capture/index.ts';
import { tellStory } from './story.ts';
import { toWallTime } from './wall-time.ts';

const STARTED_AT_MS = Date.UTC(2026, 0, 1);
const segment = '1-video.mkv';

/** A camera of ten seconds whose one segment ends after four. */
const entries: TimelineEntry[] = [
  { type: 'anchor', wallMs: STARTED_AT_MS, recordingId: 'r', callId: 'c', roomId: 'room', atMs: 0 },
  { type: 'participant-joined', userId: 'ann', name: 'Ann', atMs: 0 },
  { type: 'track-added', trackId: 't', userId: 'ann', kind: 'video', source: 'camera', atMs: 0 },
  { type: 'segment-opened', segment, trackId: 't', mimeType: 'video/VP8', clockRate: 90_000, atMs: 0 },
  { type: 'segment-began', segment, rtpTimestamp: 0, atMs: 0 },
  { type: 'segment-ended', segment, reason: 'clock-jumped', atMs: 4_000 },
  { type: 'closed', reason: 'stopped', atMs: 10_000 },
];

function flowsOf(...stretches: { from: number; to: number }[]) {
  const { tracks, durationMs } = tellStory({
    entries: toWallTime(entries),
    startedAtMs: STARTED_AT_MS,
    contents: new Map([[segment, stretches]]),
  });
  expect(durationMs).toBe(10_000);
  return tracks[0]!.segments.flatMap(({ flows }) => flows);
}

test('what claims to be from after the end of its segment is not believed', () => {
  expect(flowsOf({ from: 0, to: 3 }, { from: 3_600, to: 3_601 })).toEqual([{ fromMs: 0, toMs: 3_033 }]);
  expect(flowsOf({ from: 0, to: 9 })).toEqual([{ fromMs: 0, toMs: 5_000 }]);
  expect(flowsOf({ from: 9_000, to: 9_001 })).toEqual([]);
});
