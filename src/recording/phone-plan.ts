/** Decides how a phone call is recorded: sound alone, its two ends beside each other. */
import type { RecordingConfig } from '../config/index.ts';
import type { Call } from '../engine/index.ts';
import type { PhoneRecording } from './phone-recorder.ts';
import type { RecordingPlan } from './plan.ts';
import { asSingleMp4 } from './single-mp4.ts';

export function planPhone(
  config: RecordingConfig,
  call: Pick<Call, 'callId' | 'roomId'>,
  recording: PhoneRecording,
): RecordingPlan {
  const { id, name, ownerId, farEnd, maxDurationMs } = recording;
  return {
    kind: 'phone',
    recordingId: id,
    callId: call.callId,
    roomId: call.roomId,
    name,
    startedBy: ownerId,
    farEnd,
    startedAtMs: Date.now(),
    maxDurationMs,
    ...asSingleMp4(config),
  };
}
