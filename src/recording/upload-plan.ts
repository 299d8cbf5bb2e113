/** Decides how an upload is recorded: in the whole frame, as MP4, and under the name that it was given. */
import type { RecordingConfig } from '../config/index.ts';
import type { Call } from '../engine/index.ts';
import type { RecordingPlan } from './plan.ts';
import { asSingleMp4 } from './single-mp4.ts';
import type { Upload } from './upload-recorder.ts';

const MAX_FILE_NAME = 80;
const EXTENSION = /\.(mp4|m4a|m4v|mov|mkv|webm)$/i;
const MARKS = /\p{M}+/gu;

export function planUpload(
  config: RecordingConfig,
  call: Pick<Call, 'callId' | 'roomId'>,
  upload: Upload,
): RecordingPlan {
  const { id, name, streamId, ownerId, maxDurationMs } = upload;
  return {
    kind: 'ingest',
    recordingId: id,
    callId: call.callId,
    roomId: call.roomId,
    name: name === '' ? id : name,
    fileName: toFileName(name),
    ...(streamId !== undefined && { streamId }),
    startedBy: ownerId,
    startedAtMs: Date.now(),
    maxDurationMs,
    ...asSingleMp4(config),
  };
}

/** Safe on every file system and in every key; without an extension, for that is ours to say. */
export function toFileName(name: string): string {
  const plain = name
    .replace(EXTENSION, '')
    .normalize('NFKD')
    .replace(MARKS, '')
    .replace(/[^A-Za-z0-9_.-]+/g, '_')
    .replace(/^[_.-]+|[_.-]+$/g, '')
    .slice(0, MAX_FILE_NAME);
  return plain === '' ? 'recording' : plain;
}
