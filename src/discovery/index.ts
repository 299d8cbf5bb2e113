export { Discovery } from './discovery.ts';
export { instancesRoutes } from './instances.routes.ts';
export type { Listeners } from './service-definition.ts';
