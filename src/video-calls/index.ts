export {
  type Analytics,
  Attendance,
  attendanceRoutes,
  type LiveStats,
  LiveStatsReader,
} from './attendance/index.ts';
export type { Entrance } from './doors.ts';
export { JournalRepository, JournalWriter } from './journal/index.ts';
export { Moderation, moderationRoutes } from './moderation/index.ts';
export { CallPasses, passesRoutes } from './passes/index.ts';
export { CallRecordings, callRecordingsRoutes } from './recordings/index.ts';
export { CallRepository } from './repository.ts';
export { VideoCallsService } from './service.ts';
export { videoCallsRoutes } from './video-calls.routes.ts';
