export { passesRoutes } from './passes.routes.ts';
export { CallPasses } from './passes.ts';
