/** What a finish works from: the plan and the timeline of the folder, and a name for exactly these two. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { AppError } from '../../lib/index.ts';
import { readTimeline } from '../capture/index.ts';
import { isMissing, type RecordingPlan, readPlan } from '../plan.ts';
import { type Dated, toWallTime } from './wall-time.ts';

export interface Sources {
  readonly plan: RecordingPlan;
  readonly entries: readonly Dated[];
  /** Another timeline or plan has another one. */
  readonly digest: string;
}

/** Names of segments are ours; whatever else stands there is no file of this folder. */
const SEGMENT_NAME = /^[\w-][\w.-]*$/;

/** What is told after a recording has reached its limit is told within this. */
const MAX_LATE_MS = 3_600_000;

/** Rejects with `invalid_state` when there is no timeline with a beginning, with `unavailable` when it cannot be read now. */
export async function readSources(folder: string): Promise<Sources> {
  const [timeline, known] = await Promise.all([
    readTimeline(join(folder, 'timeline.jsonl')),
    readPlan(folder),
  ]).catch((cause: unknown) => {
    if (isMissing(cause)) throw new AppError('invalid_state', 'nothing was captured', 'server', { cause });
    throw new AppError('unavailable', 'What was captured cannot be read now.', 'server', { cause });
  });
  const anchor = timeline.find((entry) => entry.type === 'anchor');
  if (!anchor) throw new AppError('invalid_state', 'nothing was captured', 'server');
  const plan = known ?? { ...DEFAULT_PLAN, ...anchored(anchor) };
  // A broken line may claim any moment, and everything until then would be filled with nothing.
  const lastMs = plan.maxDurationMs + MAX_LATE_MS;
  const entries = timeline.filter(
    (entry) => entry.atMs <= lastMs && (!('segment' in entry) || SEGMENT_NAME.test(entry.segment)),
  );
  const digest = createHash('sha256')
    .update(JSON.stringify([plan, entries]))
    .digest('hex');
  return { plan, entries: toWallTime(entries), digest };
}

/** Of a recording whose plan was lost; the rest stands in its timeline. */
const DEFAULT_PLAN = {
  name: '',
  startedBy: null,
  // As much as can be set.
  maxDurationMs: 24 * 24 * 3_600_000,
  layout: 'grid',
  format: 'mp4',
  video: { codec: 'h264', bitrate: 2_000_000, width: 1_280, height: 720, framerate: 30 },
  audio: { codec: 'aac', bitrate: 128_000 },
} as const;

function anchored(anchor: { recordingId: string; callId: string; roomId: string; wallMs: number }) {
  const { recordingId, callId, roomId, wallMs } = anchor;
  return { recordingId, callId, roomId, startedAtMs: wallMs };
}
