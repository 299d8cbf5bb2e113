export { httpErrors } from './errors.ts';
export { fitInput } from './fit-input.ts';
export { healthRoutes, type ReadinessCheck } from './health.routes.ts';
export { type OriginCheck, originCheck } from './origins.ts';
export { takeRawFrames } from './raw-socket.ts';
export { webAppRoutes } from './web-app.routes.ts';
export { buildWebApp, type WebBundle } from './web-bundle.ts';
