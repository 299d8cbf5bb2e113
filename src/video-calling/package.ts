/** The package `kaa` as somebody else's program sees it. */
import { readOptions, type VideoCallingServiceOptions } from './options.ts';
import { VideoCalling } from './video-calling.ts';
import type { VideoCallingService } from './video-calling-service.ts';

export type { Visitor } from '../auth/index.ts';
export { ConfigError, type GivenSettings } from '../config/index.ts';
export { AppError } from '../lib/index.ts';
export type { RecordingState } from '../protocol/index.ts';
export type { Arrival, Authenticate } from './authentication.ts';
export type { IceServerOption, VideoCallingServiceOptions } from './options.ts';
export type { RoomStats, ServerStats, VideoCallingService } from './video-calling-service.ts';

/**
 * Video calls to be mounted in an Elysia app; nothing runs before `initialize`. Throws a `ConfigError` that lists every
 * problem of the options and, as far as they leave settings out, of the environment.
 */
export function createVideoCallingService(options: VideoCallingServiceOptions = {}): VideoCallingService {
  return new VideoCalling(readOptions(options));
}
