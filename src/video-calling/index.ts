export { serverStatsRoutes } from './server-stats.routes.ts';
export { VideoCalling } from './video-calling.ts';
