/** Decides how a recording is made: what its start asks for, else what the call is set to, else what the server is. */
import { CODECS_OF, type RecordingConfig } from '../config/index.ts';
import type { Call } from '../engine/index.ts';
import { newId } from '../lib/index.ts';
import type { RecordingLayout, RecordingRequest } from '../protocol/index.ts';
import type { RecordingPlan } from './plan.ts';

/** What a call is set to, as far as its recordings go. */
export interface CallSettings {
  readonly title: string | null;
  readonly isRecordingAllowed: boolean;
  readonly layout: RecordingLayout | undefined;
}

export interface PlanParts {
  readonly call: Pick<Call, 'callId' | 'roomId'>;
  readonly settings: CallSettings;
  readonly request: RecordingRequest;
  readonly startedBy: string | null;
}

export function makePlan(config: RecordingConfig, parts: PlanParts): RecordingPlan {
  const { call, settings, request, startedBy } = parts;
  const format = request.format ?? config.format;
  // The configured codecs are those of the configured format; another one takes its own.
  const isConfigured = format === config.format;
  const [videoCodec] = CODECS_OF[format].video;
  const [audioCodec] = CODECS_OF[format].audio;
  if (!videoCodec || !audioCodec) throw new TypeError(`no codecs for ${format}`);
  return {
    recordingId: newId(),
    callId: call.callId,
    roomId: call.roomId,
    name: settings.title ?? call.roomId,
    startedBy,
    layout: request.layout ?? settings.layout ?? 'grid',
    format,
    startedAtMs: Date.now(),
    maxDurationMs: Math.min(request.maxDurationMs ?? config.maxDurationMs, config.maxDurationMs),
    video: {
      codec: (isConfigured ? config.videoCodec : undefined) ?? videoCodec,
      bitrate: config.videoBitrate,
      ...config.resolution,
      framerate: config.framerate,
    },
    audio: {
      codec: (isConfigured ? config.audioCodec : undefined) ?? audioCodec,
      bitrate: config.audioBitrate,
    },
  };
}
