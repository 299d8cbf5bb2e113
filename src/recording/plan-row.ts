/** The row of a recording, as its plan wants it. */
import type { NewRecordingRow } from '../db/index.ts';
import { kindOf, type RecordingPlan } from './plan.ts';

/** `callId` is left out: an upload has no row of a call, and a database may have lost that of a call. */
export function toRow(plan: RecordingPlan): NewRecordingRow {
  const kind = kindOf(plan);
  return {
    id: plan.recordingId,
    kind,
    roomId: kind === 'call' ? plan.roomId : null,
    ownerId: plan.startedBy,
    name: plan.name,
    streamId: plan.streamId ?? null,
    plan,
    startedAt: new Date(plan.startedAtMs),
  };
}
