/** A recording as the routes show it, of whatever kind it is. */
import type { RecordingResource } from './model.ts';
import type { FoundRecording } from './repository.ts';

export function describeRecording({ row, files }: FoundRecording): RecordingResource {
  return {
    id: row.id,
    kind: row.kind,
    call_id: row.callId,
    room_id: row.roomId,
    owner_id: row.ownerId,
    name: row.name,
    stream_id: row.streamId,
    video_id: row.videoId,
    file_path: row.filePath,
    duration: row.duration,
    file_size: row.fileSize,
    status: row.status,
    phase: row.phase,
    progress: row.progress,
    failure_reason: row.failureReason,
    layout: textIn(row.plan, 'layout'),
    format: textIn(row.plan, 'format'),
    tracks: row.trackCount,
    started_at: row.startedAt.toISOString(),
    completed_at: row.completedAt?.toISOString() ?? null,
    files: files.map(({ name, kind, size, type }) => ({ name, kind, size, type })),
  };
}

/** Each kind has a plan of its own; of some there is none. */
function textIn(plan: unknown, key: string): string | null {
  if (typeof plan !== 'object' || plan === null) return null;
  const value: unknown = Reflect.get(plan, key);
  return typeof value === 'string' ? value : null;
}
