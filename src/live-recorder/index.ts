export { importRoutes, liveRecordingsRoutes, WEBHOOK_PATH, webhookRoutes } from './live-recorder.routes.ts';
export { LiveRecorder } from './live-recorder.ts';
export { Polling } from './polling.ts';
export { LiveStreamRepository } from './repository.ts';
export { StreamService } from './stream-service.ts';
export { VodImport } from './vod-import.ts';
