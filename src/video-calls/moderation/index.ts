export { moderationRoutes } from './moderation.routes.ts';
export { Moderation } from './moderation.ts';
