export { attendanceRoutes } from './attendance.routes.ts';
export { Attendance } from './attendance.ts';
export { LiveStatsReader } from './live-stats.ts';
export type { Analytics, LiveStats } from './model.ts';
